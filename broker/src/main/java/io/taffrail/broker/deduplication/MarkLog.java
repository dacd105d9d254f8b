package io.taffrail.broker.deduplication;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The de-duplication marks of one exchange, in memory and in a log. A mark is stored in the turn of
 * its message, so a crash leaves both or neither. A record is
 *
 * <pre>
 * u8 1 | (i64 high | i64 low | i64 end, ms since 1970)*
 * </pre>
 *
 * The log is trimmed below its oldest mark; if that mark keeps many expired ones from being
 * trimmed, it is written again at the end. Owner thread only.
 */
public final class MarkLog extends TurnMember {

    private static final byte KIND = 1;
    private static final int MARK_BYTES = 3 * Long.BYTES;
    private static final int CHECKPOINT_BYTES = 64 << 10;
    /** Size of the log in bytes that is always allowed. */
    private static final int KEPT_BYTES = 8 << 20;
    /** Largest ratio of the size of the log to that of its live marks. */
    private static final int MOST_WASTE = 4;
    /**
     * Most marks written again in one turn, unless the turn adds more than half as many new ones.
     */
    private static final int MOVED = 1024;

    /**
     * A mark to be stored with this turn.
     *
     * @param written
     *            whether the mark is in the log already and is written again
     * @param moved
     *            whether its message was moved from elsewhere: both are stored with a later turn if
     *            this one is refused
     */
    private record Pending(Mark mark, long id, long endAtMs, boolean written, boolean moved) {}

    /** A position in the log: marks from {@code id} on are at {@code offset} or behind. */
    private record Checkpoint(long offset, long id) {}

    private final CacheSettings settings;
    private final @Nullable WritableLog log;
    private final Turn turn;
    private final InstantSource clock;
    private final MarkTable table = new MarkTable();
    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
    private List<Pending> pending = new ArrayList<>();
    private List<Pending> collected = List.of();
    /** True when marks of a refused turn wait for the next turn. */
    private boolean carries;
    private @Nullable Throwable failure;
    private Consumer<Throwable> onFailed = _ -> {};
    private long nextId;
    private long sinceCheckpointBytes;

    private MarkLog(CacheSettings settings, @Nullable WritableLog log, Turn turn,
            InstantSource clock) {
        this.settings = settings;
        this.log = log;
        this.turn = turn;
        this.clock = clock;
    }

    /** Marks without a log, lost when the process ends. */
    public static MarkLog ofTransient(CacheSettings settings, Turn turn, InstantSource clock) {
        return new MarkLog(settings, null, turn, clock);
    }

    /**
     * Reads the stored marks, if there are any, in steps.
     *
     * @param log
     *            open; closed if it cannot be read
     * @return completes on the owner's thread; with a {@link LogFailedException} if the log cannot
     *         be read
     */
    public static CompletableFuture<MarkLog> opening(CacheSettings settings, WritableLog log,
            Turn turn, InstantSource clock, Steps steps) {
        MarkLog opened = new MarkLog(settings, log, turn, clock);
        return steps.work(new LogReplay(log, (offset, value) -> opened.apply(log, offset, value)))
                .thenApply(_ -> opened).whenComplete((_, failure) -> {
                    if (failure != null) {
                        log.close();
                    }
                });
    }

    private void apply(WritableLog from, long offset, ByteBuffer value) {
        byte kind = value.get();
        if (kind != KIND) {
            throw new LogFailedException("the marks " + from.id() + " hold a record of kind "
                    + kind + ", which this version cannot read");
        }
        stored(offset, nextId, value.remaining());
        long nowMs = clock.millis();
        while (value.remaining() >= MARK_BYTES) {
            Mark mark = new Mark(value.getLong(), value.getLong());
            long endAtMs = value.getLong();
            table.remove(mark);
            if (endAtMs > nowMs) {
                put(mark, endAtMs);
            } else {
                nextId++;
            }
        }
    }

    /** Number of marks. */
    public int size() {
        return table.size();
    }

    /**
     * Adds the mark of a message; false if the message is a duplicate. A message without a mark is
     * never one.
     */
    public boolean add(Properties properties) {
        Mark mark = Mark.of(properties).orElse(null);
        if (mark == null) {
            return true;
        }
        long nowMs = clock.millis();
        if (pending.isEmpty()) {
            collected = List.of(); // Of a stored turn.
        }
        if (table.contains(mark, nowMs)) {
            turn.join(this, 0); // Confirmed only if the first message is stored.
            return false;
        }
        long endAtMs = endAtMs(properties, nowMs);
        put(mark, endAtMs);
        pending.add(new Pending(mark, nextId - 1, endAtMs, false, turn.isMoving()));
        turn.joinBinding(this, MARK_BYTES);
        return true;
    }

    private void put(Mark mark, long endAtMs) {
        long nowMs = clock.millis();
        while (table.size() > 0
                && (table.size() >= settings.size() || table.firstEndsAtMs() <= nowMs)) {
            table.removeFirst();
        }
        table.add(mark, nextId++, endAtMs);
    }

    private long endAtMs(Properties properties, long nowMs) {
        long ttlMs = properties.headers().get(CacheSettings.TTL).flatMap(FieldValue::number)
                .orElse(settings.ttlMs().orElse(MarkTable.FOREVER));
        long endAtMs = nowMs + ttlMs;
        return ttlMs > 0 && endAtMs < 0 ? MarkTable.FOREVER : endAtMs;
    }

    /** Removes the mark that was added last, because its message was not stored. */
    public void withdraw(Properties properties) {
        Mark.of(properties).ifPresent(mark -> {
            table.remove(mark);
            for (int index = pending.size() - 1; index >= 0; index--) {
                if (pending.get(index).mark().equals(mark)) {
                    pending.remove(index);
                    break;
                }
            }
        });
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (pending.isEmpty()) {
            return;
        }
        if (log == null) {
            collected = pending;
            pending = new ArrayList<>();
            appends.addInMemory(this);
            return;
        }
        if (!carries) {
            moveOldest(log, Math.max(MOVED, 2 * pending.size()));
        }
        carries = false;
        collected = pending;
        pending = new ArrayList<>();
        ByteBuffer value = ByteBuffer.allocate(1 + collected.size() * MARK_BYTES).put(KIND);
        for (Pending each : collected) {
            value.putLong(each.mark().high()).putLong(each.mark().low()).putLong(each.endAtMs());
        }
        appends.add(this, log, new BatchBuilder(value.position() + 128)
                .add(clock.millis(), null, value.flip(), List.of()).build());
    }

    /** Writes the oldest marks again if they keep the log from being trimmed. */
    private void moveOldest(WritableLog from, int most) {
        long nowMs = clock.millis();
        for (int left = Math.min(most, table.size()); left > 0 && from.sizeBytes() > Math
                .max(KEPT_BYTES, (long) MOST_WASTE * MARK_BYTES * table.size()); left--) {
            Mark mark = table.first();
            long endAtMs = table.firstEndsAtMs();
            table.removeFirst();
            if (endAtMs > nowMs) {
                pending.add(new Pending(mark, nextId, endAtMs, true, false));
                table.add(mark, nextId++, endAtMs);
            }
        }
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        stored(result.baseOffset(), collected.getFirst().id(), collected.size() * MARK_BYTES);
        collected = List.of();
        var _ = result.durable().thenRun(
                () -> Guard.run("DUP-001", "trimming the marks " + this, this::trim));
    }

    private void stored(long offset, long firstId, int bytes) {
        if (checkpoints.isEmpty() || sinceCheckpointBytes >= CHECKPOINT_BYTES) {
            checkpoints.add(new Checkpoint(offset, firstId));
            sinceCheckpointBytes = 0;
        }
        sinceCheckpointBytes += bytes;
    }

    private void trim() {
        if (log == null || checkpoints.isEmpty()) {
            return;
        }
        long needed = table.size() == 0 ? nextId : table.firstId();
        Checkpoint first = checkpoints.removeFirst();
        while (!checkpoints.isEmpty() && checkpoints.getFirst().id() <= needed) {
            first = checkpoints.removeFirst();
        }
        checkpoints.addFirst(first);
        boolean isWorthIt = log.segmentCount() > 1 && first.offset() > log.startOffset()
                && first.offset() < log.durableEnd();
        if (isWorthIt) {
            log.trimTo(first.offset());
        }
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        List<Pending> again = new ArrayList<>();
        boolean waits = false;
        for (Pending each : collected) {
            if (each.written() || each.moved()) {
                again.add(each);
                waits |= each.moved();
            } else {
                table.remove(each.mark());
            }
        }
        again.addAll(pending);
        pending = again;
        collected = List.of();
        carries = !again.isEmpty();
        if (waits) {
            turn.joinLater(this);
        }
    }

    /**
     * Removes marks whose messages were not stored, so that those are not duplicates when sent
     * again.
     */
    @Override
    protected void failed(Throwable cause, boolean own) {
        List<Pending> lost = new ArrayList<>(collected);
        lost.addAll(pending);
        collected = List.of();
        pending = new ArrayList<>();
        for (Pending each : lost) {
            if (each.written()) {
                pending.add(each);
            } else {
                table.remove(each.mark());
            }
        }
        if (own && failure == null && log != null) {
            failure = cause;
            onFailed.accept(cause);
        }
    }

    /** Sets the listener that is told when the log takes no more marks and has to be reopened. */
    public void onFailed(Consumer<Throwable> listener) {
        onFailed = listener;
    }

    /** Whether the log has failed; no mark may be added any more. */
    public boolean isFailed() {
        return failure != null;
    }

    @Override
    public String toString() {
        return log == null ? "transient marks" : "the marks " + log.id();
    }

    /** Closes the log; marks that are not stored are lost. */
    public void close() {
        pending.clear();
        if (log != null) {
            log.close();
        }
    }
}
