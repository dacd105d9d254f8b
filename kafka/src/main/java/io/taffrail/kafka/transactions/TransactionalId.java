package io.taffrail.kafka.transactions;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.coordinator.transaction.TransactionState;

/**
 * The state of one transactional id, and of its latest transaction. Immutable; each change is a new
 * value, which becomes the state when its record is durable.
 *
 * @param id
 *            the transactional id
 * @param producerId
 *            producer id of the id's current producer
 * @param previousProducerId
 *            producer id before the last rotation; -1 if there was none
 * @param epoch
 *            producer epoch; producers of an older one are fenced
 * @param lastEpoch
 *            epoch that the producer named when it asked for the current one, so that it may ask
 *            again; -1 if it named none. Not stored
 * @param timeoutMs
 *            time after its start at which the coordinator aborts a transaction, in milliseconds
 * @param partitions
 *            partitions of the transaction; empty if none is open
 * @param startMs
 *            time of the transaction's start, in milliseconds since 1970; -1 before the first one
 * @param updatedMs
 *            time of the last change, in milliseconds since 1970
 */
record TransactionalId(String id, long producerId, long previousProducerId, short epoch,
        short lastEpoch, int timeoutMs, TransactionState state, Set<TopicPart> partitions,
        long startMs, long updatedMs) {

    static final long NO_PRODUCER = -1;
    static final short NO_EPOCH = -1;
    private static final int FIXED_BYTES = 512;
    private static final int PARTITION_BYTES = 96;

    TransactionalId {
        partitions = Set.copyOf(partitions);
    }

    /** The state of a new transactional id. */
    static TransactionalId first(String id, long producerId, int timeoutMs, long nowMs) {
        return new TransactionalId(id, producerId, NO_PRODUCER, (short) 0, NO_EPOCH, timeoutMs,
                TransactionState.EMPTY, Set.of(), -1, nowMs);
    }

    /** Whether the epoch cannot be incremented for a further producer. */
    boolean isEpochExhausted() {
        return isExhausted(epoch);
    }

    /**
     * Whether an epoch cannot be incremented for a further producer. One more epoch is left, to
     * fence the last producer.
     */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    /** Whether the decision about the transaction is made and its markers may be outstanding. */
    boolean isEnding() {
        return state == TransactionState.PREPARE_COMMIT || state == TransactionState.PREPARE_ABORT;
    }

    boolean isOngoing() {
        return state == TransactionState.ONGOING;
    }

    /** Whether the transaction that ends, or has ended, is committed. */
    boolean isCommitted() {
        return state == TransactionState.PREPARE_COMMIT
                || state == TransactionState.COMPLETE_COMMIT;
    }

    /** The state for a further producer with the same producer id. */
    TransactionalId initialised(short newEpoch, short newLastEpoch, int newTimeoutMs, long nowMs) {
        return new TransactionalId(id, producerId, previousProducerId, newEpoch, newLastEpoch,
                newTimeoutMs, TransactionState.EMPTY, Set.of(), -1, nowMs);
    }

    /** The state for a further producer with a new producer id. */
    TransactionalId rotated(long newProducerId, short newLastEpoch, int newTimeoutMs, long nowMs) {
        return new TransactionalId(id, newProducerId, producerId, (short) 0, newLastEpoch,
                newTimeoutMs, TransactionState.EMPTY, Set.of(), -1, nowMs);
    }

    /** The state with more partitions; begins a transaction if none is ongoing. */
    TransactionalId with(Set<TopicPart> more, long nowMs) {
        Set<TopicPart> all = new HashSet<>(partitions);
        all.addAll(more);
        return new TransactionalId(id, producerId, previousProducerId, epoch, lastEpoch, timeoutMs,
                TransactionState.ONGOING, all, isOngoing() ? startMs : nowMs, nowMs);
    }

    /** The state in which the decision about the transaction is made. */
    TransactionalId ending(boolean commit, long nowMs) {
        return next(epoch, commit
                ? TransactionState.PREPARE_COMMIT
                : TransactionState.PREPARE_ABORT, partitions, nowMs);
    }

    /** The state in which the transaction is to be aborted and its producer is fenced. */
    TransactionalId fenced(long nowMs) {
        return next((short) (epoch + 1), TransactionState.PREPARE_ABORT, partitions, nowMs);
    }

    /** The state in which all markers are written. */
    TransactionalId ended(long nowMs) {
        return next(epoch, state == TransactionState.PREPARE_COMMIT
                ? TransactionState.COMPLETE_COMMIT
                : TransactionState.COMPLETE_ABORT, Set.of(), nowMs);
    }

    private TransactionalId next(short newEpoch, TransactionState newState, Set<TopicPart> left,
            long nowMs) {
        return new TransactionalId(id, producerId, previousProducerId, newEpoch,
                newEpoch == epoch ? lastEpoch : NO_EPOCH, timeoutMs, newState, left, startMs,
                nowMs);
    }

    /** Estimate of the memory of this state, in bytes. */
    long bytes() {
        return bytes(id, partitions.size());
    }

    /** Estimate of the memory of a transactional id with so many partitions, in bytes. */
    static long bytes(String id, int partitions) {
        return FIXED_BYTES + 2L * id.length() + (long) PARTITION_BYTES * partitions;
    }
}
