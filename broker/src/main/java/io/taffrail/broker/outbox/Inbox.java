package io.taffrail.broker.outbox;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.outbox.OutboxDestination.Admission;
import io.taffrail.broker.outbox.OutboxPositions.Pair;
import io.taffrail.broker.outbox.Shipment.Answer;
import io.taffrail.broker.outbox.Shipment.Parcel;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The receiving side of one owner. It stores arriving messages and the new position of the sender
 * in one commit, so a crash leaves both or neither, and no message is stored twice. Owner thread
 * only.
 */
final class Inbox {

    /**
     * All positions are written again when the records since the last time exceed this size and
     * twice the size of all positions.
     */
    private static final int SNAPSHOT_BYTES = 64 << 10;

    private final LogEngine engine;
    private WritableLog log;
    private final InstantSource clock;
    private final OutboxPositions base;
    private final Reopener reopener;
    private OutboxPositions positions;
    private final LostLetters lost;
    private long sinceSnapshotBytes;
    private long snapshotBytes;
    private boolean closed;

    /**
     * @param base
     *            the positions of all inboxes at the start
     */
    Inbox(LogEngine engine, WritableLog log, InstantSource clock, OutboxPositions base,
            LostLetters lost, Reopener reopener) {
        this.engine = engine;
        this.log = log;
        this.clock = clock;
        this.base = base;
        this.positions = new OutboxPositions();
        positions.merge(base);
        this.lost = lost;
        this.reopener = reopener;
        this.sinceSnapshotBytes = log.sizeBytes();
    }

    /**
     * Goes on with the log after it was reopened. Positions are read from the log, whatever this
     * object had in memory.
     */
    void moveTo(WritableLog next) {
        OutboxPositions read = new OutboxPositions();
        read.merge(base);
        LogReplay.read(next, (_, record) -> read.apply(next.id(), record));
        log = next;
        positions = read;
        sinceSnapshotBytes = next.sizeBytes();
        snapshotBytes = 0;
    }

    /**
     * Stores a shipment.
     *
     * @param answer
     *            called once on this owner's thread, unless this method throws
     */
    void receive(Shipment shipment, OutboxDestination to, Consumer<Answer> answer) {
        if (closed) {
            answer.accept(new Answer.Waits("the broker stops"));
            return;
        }
        if (reopener.isOut()) {
            answer.accept(new Answer.Waits(log.id() + " failed and is opened anew"));
            return;
        }
        Pair pair = shipment.pair();
        long known = positions.next(pair);
        List<ByteBuffer> batches = new ArrayList<>();
        for (Parcel parcel : shipment.parcels()) {
            if (parcel.offset() < known) {
                continue;
            }
            switch (to.admit(parcel.batch())) {
                case Admission.Whole _ -> batches.add(parcel.batch());
                case Admission.Reduced(var rest, int dropped, String why) -> {
                    lost.lost(pair.destination().value(), dropped, why);
                    rest.ifPresent(batches::add);
                }
                case Admission.NotNow(String why) -> {
                    answer.accept(new Answer.Waits(why));
                    return;
                }
            }
        }
        if (shipment.next() <= known) {
            answer.accept(new Answer.Taken());
        } else {
            store(shipment, to, batches, answer);
        }
    }

    private void store(Shipment shipment, OutboxDestination to, List<ByteBuffer> batches,
            Consumer<Answer> answer) {
        while (true) {
            boolean all = sinceSnapshotBytes > Math.max(SNAPSHOT_BYTES, 2 * snapshotBytes);
            ByteBuffer position = position(shipment, all);
            List<LogAppend> appends = new ArrayList<>(batches.size() + 1);
            batches.forEach(batch -> appends.add(new LogAppend(to.log(), batch.duplicate())));
            appends.add(new LogAppend(log, position.duplicate()));
            switch (commit(appends)) {
                case CommitResult.Committed committed -> {
                    stored(shipment, position.remaining(), all, committed, answer);
                    return;
                }
                case CommitResult.Refused(int index, AppendResult.Refused refusal) -> {
                    if (index == batches.size() && isOfTheLog(refusal)) {
                        reopener.failed(new LogFailedException(refusal.detail()));
                    }
                    if (index == batches.size() || !isOfTheBatch(refusal)) {
                        answer.accept(refused(to, index < batches.size(), refusal));
                        return;
                    }
                    lost.lost(shipment.pair().destination().value(), 1,
                            refusal.reason() + " " + refusal.detail());
                    batches.remove(index);
                }
            }
        }
    }

    private ByteBuffer position(Shipment shipment, boolean all) {
        ByteBuffer value = all
                ? positions.all(shipment.pair(), shipment.next())
                : OutboxPositions.moved(shipment.pair(), shipment.next());
        if (all) {
            log.roll();
        }
        return new BatchBuilder(value.remaining() + 128)
                .add(clock.millis(), null, value, List.of()).build();
    }

    /** Commits. After an exception of the engine it is unknown what was stored. */
    private CommitResult commit(List<LogAppend> appends) {
        if (appends.size() > 1) {
            return engine.commit(appends);
        }
        return switch (log.append(appends.getFirst().batch())) {
            case AppendResult.Stored stored ->
                new CommitResult.Committed(List.of(stored), stored.durable());
            case AppendResult.Refused refused -> new CommitResult.Refused(0, refused);
            case AppendResult.Duplicate again ->
                throw new IllegalStateException("a duplicate without a producer: " + again);
        };
    }

    private void stored(Shipment shipment, int positionBytes, boolean all,
            CommitResult.Committed committed, Consumer<Answer> answer) {
        positions.advance(shipment.pair(), shipment.next());
        sinceSnapshotBytes = all ? 0 : sinceSnapshotBytes + positionBytes;
        if (all) {
            snapshotBytes = positionBytes;
        }
        AppendResult last = committed.results().getLast();
        CompletableFuture<Void> durable = committed.durable();
        var _ = durable.whenComplete((_, failure) -> {
            if (failure != null) {
                reopener.failed(failure);
                answer.accept(new Answer.Unknown(failure));
                return;
            }
            reopener.worked();
            answer.accept(new Answer.Taken());
            if (all && last instanceof AppendResult.Stored snapshot) {
                trim(snapshot.baseOffset());
            }
        });
    }

    private void trim(long snapshotOffset) {
        if (!closed && snapshotOffset > log.startOffset() && snapshotOffset < log.durableEnd()) {
            log.trimTo(snapshotOffset);
        }
    }

    /** Whether the log refuses everything until it is reopened. */
    private static boolean isOfTheLog(AppendResult.Refused refusal) {
        return refusal.reason() == Refusal.STORAGE_FAILED
                || refusal.reason() == Refusal.WRITER_FENCED;
    }

    private static boolean isOfTheBatch(AppendResult.Refused refusal) {
        return switch (refusal.reason()) {
            case CORRUPT_BATCH, INVALID_RECORD, INVALID_TIMESTAMP, OUT_OF_ORDER_SEQUENCE,
                    PRODUCER_FENCED, COORDINATOR_FENCED ->
                true;
            case WRITER_FENCED, DISK_FULL, STORAGE_FAILED, OVERLOADED, CLOSED -> false;
        };
    }

    private static Answer refused(OutboxDestination to, boolean byDestination,
            AppendResult.Refused refusal) {
        if (refusal.reason() == Refusal.STORAGE_FAILED && byDestination) {
            to.failed();
        }
        return new Answer.Waits(refusal.reason() + " " + refusal.detail());
    }

    /** Runs a task for a shipment on this owner; an exception is sent as the answer. */
    void guarded(Runnable body, Consumer<Answer> answer) {
        try {
            body.run();
        } catch (Throwable cause) {
            FailStop.check(cause);
            reopener.failed(cause);
            answer.accept(new Answer.Unknown(cause));
        }
    }

    /** Stops taking shipments. */
    void close() {
        closed = true;
        reopener.close();
        log.close();
    }
}
