package io.taffrail.broker.cursor;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor stored in a log. Each turn that changes the cursor adds one record. From time to time a
 * snapshot replaces all records before it. A change is applied in memory at once and stored with
 * the turn; a crash before that undoes it. Owner thread only.
 */
public final class CursorLog extends TurnMember {

    private static final Logger LOG = LoggerFactory.getLogger(CursorLog.class);

    /**
     * A snapshot is taken when the records since the last one exceed this part of a segment (64 KiB
     * of 4 MiB) and twice the size of that snapshot.
     */
    private static final int SNAPSHOTS_IN_SEGMENT = 64;

    private final AckCursor cursor = new AckCursor();
    private final CursorChange change = new CursorChange();
    private final @Nullable WritableLog log;
    private final Turn turn;
    private final InstantSource clock;
    private long sinceSnapshotBytes;
    private long snapshotBytes;
    private boolean collectedSnapshot;
    private long snapshotOffset = -1;
    private long durableFloor;
    private long settledCount;
    private SettledListener onSettled = (_, _) -> {};
    private Runnable onDurable = () -> {};
    private FailureListener onFailed = (_, _) -> {};
    /** True when the cursor in memory is ahead of the log and must not be stored any more. */
    private boolean failed;
    private boolean closed;
    private CompletableFuture<Void> lastDurable = CompletableFuture.completedFuture(null);
    private @Nullable Consumer<SettledOffsets> waiting;
    /** Completes when the changes that are not stored yet are durable; null if nobody waits. */
    private @Nullable CompletableFuture<Void> recorded;

    /** A listener for settlements: offsets {@code from} (inclusive) to {@code to} (exclusive). */
    public interface SettledListener {
        void settled(long from, long to);
    }

    /** A listener that is told when the cursor in memory no longer matches its log. */
    public interface FailureListener {

        /**
         * The cursor stores nothing any more and has to be reopened.
         *
         * @param own
         *            whether the cursor failed itself; otherwise another part of an atomic step did
         */
        void failed(Throwable cause, boolean own);
    }

    private CursorLog(@Nullable WritableLog log, Turn turn, InstantSource clock) {
        this.log = log;
        this.turn = turn;
        this.clock = clock;
    }

    /**
     * Reads a cursor's log from start to end, in steps. Messages that were in flight are ready
     * again after it.
     *
     * @param counted
     *            whether that counts as a delivery
     * @return completes on the owner's thread; with a {@link LogFailedException} if the log cannot
     *         be read
     */
    public static CompletableFuture<CursorLog> opening(WritableLog log, Turn turn,
            InstantSource clock, Steps steps, boolean counted) {
        CursorLog opened = new CursorLog(log, turn, clock);
        LogReplay replay = new LogReplay(log, (_, value) -> opened.apply(log, value));
        return steps.work(replay).thenCompose(_ -> {
            opened.sinceSnapshotBytes = replay.sizeBytes();
            opened.durableFloor = opened.cursor.floor();
            Roaring64Bitmap held = opened.cursor.held();
            if (!counted) {
                opened.cursor.giveBack(held);
                return steps.work(_ -> true);
            }
            LongIterator each = held.getLongIterator();
            return steps.work(budget -> opened.giveBack(each, budget));
        }).thenApply(_ -> opened);
    }

    private boolean giveBack(LongIterator held, Budget budget) {
        while (held.hasNext() && !budget.isSpent()) {
            long offset = held.next();
            giveBack(offset, cursor.count(offset) + 1);
            budget.spend(0);
        }
        return !held.hasNext();
    }

    /** A cursor without a log, lost when the process ends. */
    public static CursorLog ofTransient(Turn turn, InstantSource clock) {
        return new CursorLog(null, turn, clock);
    }

    private void apply(WritableLog log, ByteBuffer value) {
        byte kind = value.get();
        switch (kind) {
            case CursorChange.KIND -> CursorChange.apply(value, cursor);
            case CursorSnapshot.KIND -> CursorSnapshot.apply(value, cursor);
            default -> throw new LogFailedException("the cursor " + log.id()
                    + " holds a record of kind " + kind + ", which this version cannot read");
        }
    }

    /** Offset below which every message is settled durably. */
    public long durableFloor() {
        return log == null ? cursor.floor() : durableFloor;
    }

    /** Sets the listener that is told whenever a change of the cursor has become durable. */
    public void onDurable(Runnable listener) {
        onDurable = listener;
    }

    /** Sets the listener that is told when the cursor has to be reopened. */
    public void onFailed(FailureListener listener) {
        onFailed = listener;
    }

    /** Number of messages settled since the cursor was opened, purged ones included. */
    public long settledCount() {
        return settledCount;
    }

    /**
     * Passes on the settled offsets when all of them are durable; not at all if the log fails
     * before that. One caller at a time.
     */
    public void whenDurable(Consumer<SettledOffsets> taker) {
        if (log == null || change.isEmpty()) {
            SettledOffsets settled = SettledOffsets.of(cursor);
            var _ = lastDurable.thenRun(() -> taker.accept(settled));
        } else {
            waiting = taker;
        }
    }

    /**
     * Stores all changes with the next turn. Completes on the owner's thread when they are durable;
     * exceptionally if the log fails or is closed before that, or if the engine refuses to store
     * them for another reason than a short overload. Refused changes go with a later turn.
     */
    public CompletableFuture<Void> recorded() {
        if (log == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (failed || closed) {
            return CompletableFuture.failedFuture(unrecorded(failed ? "has failed" : "is closed"));
        }
        if (change.isEmpty()) {
            return lastDurable.copy();
        }
        CompletableFuture<Void> wanted = recorded;
        if (wanted == null) {
            wanted = new CompletableFuture<>();
            recorded = wanted;
        }
        turn.join(this, 0);
        return wanted.copy();
    }

    private @Nullable CompletableFuture<Void> takeRecorded() {
        CompletableFuture<Void> taken = recorded;
        recorded = null;
        return taken;
    }

    private void endRecorded(String why) {
        CompletableFuture<Void> unanswered = takeRecorded();
        if (unanswered != null) {
            unanswered.completeExceptionally(unrecorded(why));
        }
    }

    private BrokerException unrecorded(String why) {
        return new BrokerException(BrokerError.STORAGE_FAILED, this + " " + why);
    }

    /** The cursor in memory; changed through this object only. */
    public AckCursor cursor() {
        return cursor;
    }

    /** Sets the listener for settlements from now on. */
    public void onSettled(SettledListener listener) {
        onSettled = listener;
    }

    /** Settles offsets {@code from} (inclusive) to {@code to} (exclusive). */
    public void settle(long from, long to) {
        cursor.settle(from, to);
        settledCount += to - from;
        onSettled.settled(from, to);
        if (isRecorded()) {
            change.settled(from, to);
            turn.joinLater(this);
        }
    }

    /** Marks messages below {@code end} as delivered. */
    public void handedOut(long end) {
        cursor.handedOut(end);
        if (isRecorded()) {
            change.marked();
            turn.joinLater(this);
        }
    }

    /** Returns a message that has been delivered {@code count} times. */
    public void giveBack(long offset, int count) {
        cursor.giveBack(offset, count);
        if (isRecorded()) {
            change.givenBack(offset, count);
            turn.joinLater(this);
        }
    }

    /** Marks a returned message as in flight again. */
    public void takeAgain(long offset) {
        cursor.takeAgain(offset);
        if (isRecorded()) {
            change.takenAgain(offset);
            turn.joinLater(this);
        }
    }

    private boolean isRecorded() {
        return log != null && !failed;
    }

    /** Closes the log; changes that are not stored yet are lost. */
    public void close() {
        if (log != null) {
            closed = true;
            change.clear();
            endRecorded("was closed");
            log.close();
        }
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (log == null || failed || change.isEmpty()) {
            return;
        }
        long enough = log.options().segmentBytes().bytes() / SNAPSHOTS_IN_SEGMENT;
        collectedSnapshot = sinceSnapshotBytes > Math.max(enough, 2 * snapshotBytes);
        ByteBuffer value = collectedSnapshot
                ? CursorSnapshot.encode(cursor)
                : change.encode(cursor.mark());
        ByteBuffer batch = new BatchBuilder(value.remaining() + 128)
                .add(clock.millis(), null, value, List.of()).build();
        if (collectedSnapshot) {
            log.roll();
            snapshotBytes = batch.remaining();
        }
        sinceSnapshotBytes += batch.remaining();
        appends.add(this, log, batch);
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        change.clear();
        long floor = cursor.floor();
        if (collectedSnapshot) {
            sinceSnapshotBytes = 0;
            snapshotOffset = result.baseOffset();
        }
        lastDurable = result.durable();
        CompletableFuture<Void> awaited = takeRecorded();
        var _ = lastDurable.thenRun(() -> Guard.run(() -> {
            durableFloor = floor;
            trim();
            onDurable.run();
        }, cause -> failed(cause, true)));
        if (awaited != null) {
            var _ = lastDurable.whenComplete((_, failure) -> {
                if (failure == null) {
                    awaited.complete(null);
                } else {
                    awaited.completeExceptionally(failure);
                }
            });
        }
        Consumer<SettledOffsets> taker = waiting;
        waiting = null;
        if (taker != null) {
            whenDurable(taker);
        }
    }

    private void trim() {
        if (log != null && snapshotOffset > log.startOffset()
                && snapshotOffset < log.durableEnd()) {
            log.trimTo(snapshotOffset);
        }
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        LOG.debug("the cursor {} was not recorded and is tried again: {} {}", log, refusal.reason(),
                refusal.detail());
        turn.joinLater(this);
        if (refusal.reason() != Refusal.OVERLOADED) {
            endRecorded("is not stored: " + refusal.detail());
        }
    }

    @Override
    protected void failed(Throwable cause, boolean own) {
        if (!failed) {
            failed = true;
            change.clear();
            try {
                onFailed.failed(cause, own);
            } finally {
                endRecorded("failed");
            }
        }
    }

    @Override
    public String toString() {
        return log == null ? "a transient cursor" : "the cursor " + log.id();
    }
}
