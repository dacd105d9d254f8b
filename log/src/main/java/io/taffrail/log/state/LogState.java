package io.taffrail.log.state;

import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.ReadableLog.EpochEnd;
import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state derived from the batches of one log, in order: leader epochs,
 * producers and transactions. {@link #check} decides and {@link #apply} changes the state,
 * so recovery only has to apply the stored batches that follow the latest snapshot.
 *
 * <p>
 * The owner changes the state and any thread may read it.
 * Methods are synchronized; contention is rare.
 */
public final class LogState {

    /** Version 1 ended with the list of aborted transactions. */
    private static final byte VERSION = 2;
    private static final float LOAD_FACTOR = 0.75f;
    /** Producers looked at for one to forget: those with an open transaction are kept. */
    private static final int MOST_LOOKED_AT = 64;

    private final ProducerSpace space;
    private EpochCache epochs = EpochCache.EMPTY;
    /** In the order of their last use, the least recent first. */
    private final Map<Long, Producer> producers = new LinkedHashMap<>(2, LOAD_FACTOR, true);
    private final Beginnings beginnings = new Beginnings();
    /** First offset of each open transaction, with its producer id. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /**
     * Transactions whose end marker may not be durable yet: first offset to the marker's offset.
     */
    private final TreeMap<Long, Long> ending = new TreeMap<>();

    /** Makes the state of an empty log that remembers any number of producers. */
    public LogState() {
        this(ProducerSpace.unlimited());
    }

    /**
     * Makes the state of an empty log.
     *
     * @param space
     *            counts the producers of all logs of the engine
     */
    public LogState(ProducerSpace space) {
        this.space = space;
    }

    /**
     * Returns whether the batch at index {@code at} may follow the stored batches. The rules for
     * producers are those of Kafka 4: an unknown producer may begin with any sequence (except after
     * {@link #refused}); a known one continues its sequence, or begins a new epoch with sequence 0.
     * A batch without a sequence is no part of it and never a duplicate; only its epoch is checked.
     */
    public synchronized Verdict check(ByteBuffer buffer, int at) {
        return check(buffer, at, producers.get(BatchHeader.producerId(buffer, at)));
    }

    /** As {@link #check(ByteBuffer, int)}, for a given state of the batch's producer. */
    synchronized Verdict check(ByteBuffer buffer, int at, @Nullable Producer producer) {
        long id = BatchHeader.producerId(buffer, at);
        if (id == BatchHeader.NO_PRODUCER) {
            return Verdict.Accept.INSTANCE;
        }
        short epoch = BatchHeader.producerEpoch(buffer, at);
        if (producer != null && epoch < producer.epoch) {
            return new Verdict.Refuse(Refusal.PRODUCER_FENCED,
                    "producer " + id + " has epoch " + producer.epoch + ", the batch has " + epoch);
        }
        if (BatchHeader.isControl(buffer, at)) {
            return checkMarker(buffer, at, producer);
        }
        int sequence = BatchHeader.baseSequence(buffer, at);
        if (sequence == BatchHeader.NO_SEQUENCE) {
            return Verdict.Accept.INSTANCE;
        }
        if (producer == null) {
            return inOrder(id, epoch, sequence, beginnings.expected(id, epoch, sequence));
        }
        if (epoch == producer.epoch) {
            int slot = producer.find(sequence, BatchHeader.lastSequence(buffer, at));
            if (slot >= 0) {
                return new Verdict.Duplicate(producer.baseOffset(slot), producer.lastOffset(slot),
                        producer.timestampMs(slot));
            }
        }
        int last = epoch == producer.epoch ? producer.lastSequence() : -1;
        return inOrder(id, epoch, sequence, last == Integer.MAX_VALUE ? 0 : last + 1);
    }

    /**
     * Checks an end marker with Kafka's rules:
     * neither the producer's epoch nor the coordinator's may be older than the newest one seen.
     * Otherwise a delayed marker could end a later transaction.
     */
    private static Verdict checkMarker(ByteBuffer buffer, int at, @Nullable Producer producer) {
        EndMarker marker;
        try {
            marker = EndMarker.read(buffer, at);
        } catch (IllegalArgumentException e) {
            return new Verdict.Refuse(Refusal.CORRUPT_BATCH, String.valueOf(e.getMessage()));
        }
        if (producer != null && marker.type() != EndMarker.Type.NONE
                && marker.coordinatorEpoch() < producer.coordinatorEpoch) {
            return new Verdict.Refuse(Refusal.COORDINATOR_FENCED,
                    "a coordinator of epoch " + producer.coordinatorEpoch
                            + " has ended a transaction of producer " + producer.id
                            + ", the marker has epoch " + marker.coordinatorEpoch());
        }
        return Verdict.Accept.INSTANCE;
    }

    /**
     * Returns a check for the batches of one commit, each as if the batches before it were stored.
     */
    public CommitCheck checkCommit() {
        return new CommitCheck(this);
    }

    /** Returns a copy of a producer's state; null if the producer is unknown. */
    @Nullable
    synchronized Producer copyOf(long producerId) {
        Producer producer = producers.get(producerId);
        return producer == null ? null : producer.copy();
    }

    private static boolean hasNoSequence(ByteBuffer buffer, int at) {
        return BatchHeader.producerId(buffer, at) == BatchHeader.NO_PRODUCER
                || BatchHeader.isControl(buffer, at)
                || BatchHeader.baseSequence(buffer, at) == BatchHeader.NO_SEQUENCE;
    }

    private static Verdict inOrder(long id, short epoch, int sequence, int expected) {
        return sequence == expected
                ? Verdict.Accept.INSTANCE
                : new Verdict.Refuse(Refusal.OUT_OF_ORDER_SEQUENCE, "producer " + id + " epoch "
                        + epoch + ": sequence " + sequence + ", expected " + expected);
    }

    /**
     * Records that a batch could not be stored, for a temporary reason.
     * If it is the first batch of its producer, no later one is accepted before it:
     * later batches would be out of order, and the first one would be lost.
     */
    public synchronized void refused(ByteBuffer buffer, int at) {
        long id = BatchHeader.producerId(buffer, at);
        if (!hasNoSequence(buffer, at) && !producers.containsKey(id)) {
            beginnings.refused(id, BatchHeader.producerEpoch(buffer, at),
                    BatchHeader.baseSequence(buffer, at));
        }
    }

    /**
     * Applies a stored batch whose offsets and epoch are stamped. The buffer must contain the whole
     * of a control batch; for other batches the header is enough.
     *
     * @return the transaction that the batch aborts, which the log must remember as long as the
     *         batch is stored
     */
    public synchronized Optional<AbortedTransaction> apply(ByteBuffer buffer, int at) {
        long baseOffset = BatchHeader.baseOffset(buffer, at);
        epochs = epochs.with(BatchHeader.leaderEpoch(buffer, at), baseOffset);
        long id = BatchHeader.producerId(buffer, at);
        if (id == BatchHeader.NO_PRODUCER) {
            return Optional.empty();
        }
        short epoch = BatchHeader.producerEpoch(buffer, at);
        Producer producer = producers.get(id);
        if (producer == null) {
            producer = new Producer(id, epoch);
            remember(producer);
        }
        beginnings.begun(id);
        if (BatchHeader.isControl(buffer, at)) {
            // A marker that compaction has emptied has no transaction left to end.
            EndMarker marker = EndMarker.read(buffer, at);
            producer.applyMarker(buffer, at, marker);
            return marker.type() == EndMarker.Type.NONE
                    ? Optional.empty()
                    : endTransaction(producer, marker, baseOffset);
        }
        producer.applyData(buffer, at);
        if (BatchHeader.isTransactional(buffer, at)
                && producer.transactionStart == Producer.NO_TRANSACTION) {
            producer.transactionStart = baseOffset;
            Long before = open.put(baseOffset, id);
            assert before == null : "two transactions opened at " + baseOffset;
        }
        return Optional.empty();
    }

    private void remember(Producer producer) {
        producers.put(producer.id, producer);
        if (!space.add()) {
            forgetOne(producer);
        }
    }

    /** Forgets the producer that was not used for longest, except {@code kept}. */
    private void forgetOne(Producer kept) {
        Iterator<Producer> eldest = producers.values().iterator();
        for (int i = 0; i < MOST_LOOKED_AT && eldest.hasNext(); i++) {
            Producer producer = eldest.next();
            if (producer != kept && producer.transactionStart == Producer.NO_TRANSACTION) {
                eldest.remove();
                space.remove(1);
                return;
            }
        }
    }

    /** The state is not used any more: its producers are no longer counted. */
    public synchronized void discard() {
        space.remove(producers.size());
        producers.clear();
    }

    private Optional<AbortedTransaction> endTransaction(Producer producer, EndMarker marker,
            long markerOffset) {
        long first = producer.transactionStart;
        if (first == Producer.NO_TRANSACTION) {
            return Optional.empty();
        }
        Long opener = open.remove(first);
        assert opener != null && opener == producer.id : "no transaction opened at " + first;
        ending.put(first, markerOffset);
        producer.transactionStart = Producer.NO_TRANSACTION;
        if (marker.type() != EndMarker.Type.ABORT) {
            return Optional.empty();
        }
        long stable = open.isEmpty() ? markerOffset + 1 : open.firstKey();
        return Optional.of(new AbortedTransaction(producer.id, first, markerOffset, stable));
    }

    /** Forgets ended transactions whose markers are below the durable end. */
    public synchronized void durable(long durableEnd) {
        while (!ending.isEmpty() && ending.firstEntry().getValue() < durableEnd) {
            ending.pollFirstEntry();
        }
    }

    /** Number of ended transactions that {@link #durable} has not forgotten. For tests. */
    public synchronized int endingTransactions() {
        return ending.size();
    }

    /**
     * Returns the first offset of the oldest transaction that is open or whose end marker
     * is not below {@code durableEnd}; {@code durableEnd} if there is none.
     */
    public synchronized long lastStableOffset(long durableEnd) {
        durable(durableEnd);
        long stable = durableEnd;
        if (!open.isEmpty()) {
            stable = Math.min(stable, open.firstKey());
        }
        return ending.isEmpty() ? stable : Math.min(stable, ending.firstKey());
    }

    /**
     * As {@link io.taffrail.log.spi.ReadableLog#endOffsetForEpoch}, with {@code endOffset}
     * as the end of the latest epoch.
     */
    public synchronized Optional<EpochEnd> endOffsetForEpoch(int epoch, long endOffset) {
        return epochs.endOf(epoch, endOffset);
    }

    /** Forgets epochs that lie entirely below the log's new start. */
    public synchronized void trimTo(long startOffset) {
        epochs = epochs.trimmedTo(startOffset);
    }

    /**
     * Forgets producers that have no open transaction and whose last append
     * is older than {@code beforeMs}.
     */
    public synchronized void expireProducers(long beforeMs) {
        int before = producers.size();
        producers.values().removeIf(
                it -> it.transactionStart == Producer.NO_TRANSACTION
                        && it.lastTimestampMs < beforeMs);
        space.remove(before - producers.size());
    }

    public synchronized List<ProducerSnapshot> producers() {
        return producers.values().stream()
                .map(it -> new ProducerSnapshot(it.id, it.epoch, it.lastSequence(),
                        it.lastTimestampMs, it.coordinatorEpoch, it.transactionStart))
                .toList();
    }

    /**
     * Returns the last offset of the newest remembered batch of each producer.
     * The cleaner keeps these batches.
     */
    public synchronized Map<Long, Long> lastOffsetByProducer() {
        Map<Long, Long> last = new HashMap<>();
        producers.values().stream().filter(Producer::hasBatches)
                .forEach(it -> last.put(it.id, it.lastOffset()));
        return last;
    }

    /**
     * Returns the state in a new buffer, for {@link #restore}.
     * Refused first batches are not included.
     */
    public synchronized ByteBuffer snapshot() {
        int size = 1 + epochs.sizeBytes() + 4;
        for (Producer producer : producers.values()) {
            size += producer.sizeBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION);
        epochs.writeTo(out);
        out.putInt(producers.size());
        producers.values().forEach(it -> it.writeTo(out));
        return out.flip();
    }

    /**
     * Restores the state from a {@link #snapshot}.
     *
     * @param space
     *            as in {@link #LogState(ProducerSpace)}
     * @throws IllegalArgumentException
     *             if the snapshot has an unknown version
     */
    public static LogState restore(ByteBuffer snapshot, ProducerSpace space) {
        return restore(snapshot, space, it -> {
            throw new IllegalArgumentException("an old log state lists " + it);
        });
    }

    /**
     * Restores the state from a snapshot of this or an older version.
     *
     * @param aborted
     *            receives the aborted transactions in a snapshot of version 1
     */
    public static LogState restore(ByteBuffer snapshot, ProducerSpace space,
            Consumer<AbortedTransaction> aborted) {
        byte version = snapshot.get();
        if (version < 1 || version > VERSION) {
            throw new IllegalArgumentException(
                    "log state has version " + version + ", expected " + VERSION);
        }
        LogState state = new LogState(space);
        state.epochs = EpochCache.readFrom(snapshot);
        for (int i = snapshot.getInt(); i > 0; i--) {
            Producer producer = Producer.readFrom(snapshot);
            state.remember(producer);
            if (producer.transactionStart != Producer.NO_TRANSACTION) {
                state.open.put(producer.transactionStart, producer.id);
            }
        }
        for (int i = version == 1 ? snapshot.getInt() : 0; i > 0; i--) {
            aborted.accept(new AbortedTransaction(snapshot.getLong(), snapshot.getLong(),
                    snapshot.getLong(), snapshot.getLong()));
        }
        return state;
    }
}
