package io.taffrail.simulation.engine;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.engine.Written.Entry;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Appends, commits and retries, each on the thread of the log's owner. */
final class Appending {

    private static final int KEYS = 8;
    private static final int NO_SEQUENCE = -1;
    /**
     * The power is cut after one in this many acknowledged forces of a log that
     * changes its durability.
     */
    private static final int ONCE_TOLD = 20;

    private final Life life;
    private final EngineHistory history;
    private final Scenario scenario;
    private final Dice dice;
    private final SimClock clock;

    Appending(Life life, EngineHistory history, Scenario scenario, Dice dice, SimClock clock) {
        this.life = life;
        this.history = history;
        this.scenario = scenario;
        this.dice = dice;
        this.clock = clock;
    }

    private List<Entry> entries(LogModel log) {
        List<Entry> entries = new ArrayList<>();
        for (int i = dice.between(1, 4); i > 0; i--) {
            String value = history.value(dice, scenario.valueBytes());
            if (log.isCompacted()) {
                entries.add(new Entry("k" + dice.below(KEYS), dice.oneIn(5) ? null : value));
            } else {
                entries.add(new Entry(null, value));
            }
        }
        return entries;
    }

    private ByteBuffer batch(List<Entry> entries, long producer, int sequence) {
        BatchBuilder builder = new BatchBuilder();
        if (producer >= 0) {
            builder.producer(producer, (short) 0, sequence);
        }
        for (Entry entry : entries) {
            builder.add(clock.millis(), bytes(entry.key()), bytes(entry.value()));
        }
        return builder.build();
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Appends without a producer, or the next batch of an idempotent one. */
    void append(LogModel log) {
        Producing producer = log.producers().isEmpty() ? null : dice.pick(log.producers());
        if (producer == null || dice.oneIn(3)) {
            List<Entry> entries = entries(log);
            life.owner(log).execute(() -> appendPlain(log, entries));
            return;
        }
        List<Entry> entries = entries(log);
        life.owner(log).execute(() -> sendNext(log, producer, entries));
    }

    private void appendPlain(LogModel log, List<Entry> entries) {
        WritableLog handle = life.handle(log);
        if (handle == null) {
            return;
        }
        ByteBuffer batch = batch(entries, -1, NO_SEQUENCE);
        switch (handle.append(batch)) {
            case AppendResult.Stored stored ->
                stored(log, entries, batch, -1, NO_SEQUENCE, stored);
            case AppendResult.Duplicate duplicate ->
                throw new Violation("only a producer has duplicates", log + ": " + duplicate);
            case AppendResult.Refused refused -> {
                refused(log, refused);
                if (refused.reason() == Refusal.STORAGE_FAILED && !log.isAlwaysForced()) {
                    // The outcome is unknown and the batch was not journaled: a start may find it.
                    log.maybeAdd(new Written(handle.nextOffset(), entries,
                            BatchHeader.crc(batch, batch.position()), -1, NO_SEQUENCE));
                }
            }
        }
    }

    private void sendNext(LogModel log, Producing producer, List<Entry> entries) {
        if (producer.maySend() && life.handle(log) != null) {
            Producing.Sent sent = producer.prepare(entries);
            if (send(log, producer, sent, false)) {
                producer.taken(sent);
            }
        }
    }

    /** Sends all unanswered batches of the producers again, in order. */
    void repeatUnanswered(LogModel log) {
        for (Producing producer : log.producers()) {
            life.owner(log).execute(() -> {
                while (!producer.toRepeat().isEmpty() && life.handle(log) != null) {
                    if (!send(log, producer, producer.toRepeat().getFirst(), true)) {
                        return;
                    }
                    producer.toRepeat().removeFirst();
                }
            });
        }
    }

    /** Sends a batch again that was acknowledged long ago. */
    void repeatAnswered(LogModel log) {
        for (Producing producer : log.producers()) {
            life.owner(log).execute(() -> {
                List<Written> known = producer.remembered();
                WritableLog handle = life.handle(log);
                if (known.isEmpty() || handle == null || !producer.toRepeat().isEmpty()) {
                    return;
                }
                Written again = dice.pick(known);
                AppendResult result = handle
                        .append(batch(again.entries(), producer.id(), again.sequence()));
                if (result instanceof AppendResult.Refused refused) {
                    refused(log, refused);
                } else if (!(result instanceof AppendResult.Duplicate duplicate)
                        || duplicate.baseOffset() != again.baseOffset()) {
                    throw new Violation("a producer's retry finds its batch",
                            "%s: %s sent again gave %s".formatted(log, again, result));
                }
            });
        }
    }

    private boolean send(LogModel log, Producing producer, Producing.Sent sent, boolean again) {
        WritableLog handle = life.handle(log);
        if (handle == null) {
            return false;
        }
        ByteBuffer batch = batch(sent.entries(), producer.id(), sent.sequence());
        return switch (handle.append(batch)) {
            case AppendResult.Stored stored -> {
                Written written = stored(log, sent.entries(), batch, producer.id(),
                        sent.sequence(), stored);
                whenDurable(stored.durable(), () -> producer.answered(sent, written));
                yield true;
            }
            case AppendResult.Duplicate duplicate -> {
                Written written = log.batches().get(duplicate.baseOffset());
                if (!again || written == null || written.producerId() != producer.id()
                        || written.sequence() != sent.sequence()) {
                    throw new Violation("a producer's retry finds its batch",
                            "%s: sequence %d of producer %d gave %s, where %s is".formatted(log,
                                    sent.sequence(), producer.id(), duplicate, written));
                }
                whenDurable(duplicate.durable(), () -> {
                    written.settle();
                    producer.answered(sent, written);
                });
                yield true;
            }
            case AppendResult.Refused refused -> {
                refused(log, refused);
                yield false;
            }
        };
    }

    private Written stored(LogModel log, List<Entry> entries, ByteBuffer batch, long producer,
            int sequence, AppendResult.Stored stored) {
        Written written = new Written(stored.baseOffset(), entries,
                BatchHeader.crc(batch, batch.position()), producer, sequence);
        if (written.lastOffset() != stored.lastOffset()) {
            throw new Violation("an offset for every record", log + ": " + written + " " + stored);
        }
        log.add(written);
        life.trace().event("append", log.toString(), written.baseOffset(), written.lastOffset());
        boolean forced = log.is(Durability.FSYNC);
        whenDurable(stored.durable(), () -> {
            written.settle();
            if (forced) {
                log.forced(written.lastOffset() + 1);
                if (log.isChanging() && dice.oneIn(ONCE_TOLD)) {
                    life.disk().die();
                }
            }
        });
        return written;
    }

    private void whenDurable(CompletableFuture<Void> durable, Runnable then) {
        life.asked();
        var _ = durable.whenComplete((none, failure) -> {
            if (life.isOver()) {
                return;
            }
            life.answered();
            if (failure == null) {
                then.run();
            } else if (!life.disk().hasFailed() && !history.hasDeletions()) {
                throw new Violation("a good disk fails nothing", failure.toString(), failure);
            }
        });
    }

    private void refused(LogModel log, AppendResult.Refused refused) {
        boolean expected = switch (refused.reason()) {
            case OVERLOADED -> true;
            case DISK_FULL -> life.disk().hasBeenFull() || life.disk().hasFailed();
            case STORAGE_FAILED -> life.disk().hasFailed();
            case CLOSED -> !log.isUsable();
            default -> false;
        };
        if (!expected) {
            throw new Violation("nothing is refused without cause", log + ": " + refused);
        }
    }

    /** Commits to several logs of one owner. */
    void commit(List<LogModel> logs) {
        List<List<Entry>> entries = logs.stream().map(this::entries).toList();
        life.owner(logs.getFirst()).execute(() -> commit(logs, entries));
    }

    private void commit(List<LogModel> logs, List<List<Entry>> entries) {
        List<LogAppend> appends = new ArrayList<>();
        List<ByteBuffer> batches = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            WritableLog handle = life.handle(logs.get(i));
            if (handle == null) {
                return;
            }
            ByteBuffer batch = batch(entries.get(i), -1, NO_SEQUENCE);
            batches.add(batch);
            appends.add(new LogAppend(handle, batch));
        }
        CommitResult result = life.engine().commit(appends);
        switch (result) {
            case CommitResult.Refused refused ->
                refused(logs.get(refused.index()), refused.refusal());
            case CommitResult.Committed committed -> {
                CommitModel commit = new CommitModel();
                for (int i = 0; i < logs.size(); i++) {
                    commit.add(logs.get(i), stored(logs.get(i), entries.get(i), batches.get(i), -1,
                            NO_SEQUENCE, (AppendResult.Stored) committed.results().get(i)));
                }
                history.commits().add(commit);
                whenDurable(committed.durable(), commit::settle);
            }
        }
    }
}
