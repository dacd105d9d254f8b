package io.taffrail.kafka.transactions;

import java.util.Collections;
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
 * @param nextProducerId
 *            producer id that takes the place of the present one when its transaction has ended,
 *            because its epochs are exhausted; otherwise -1
 * @param epoch
 *            producer epoch; producers of an older one are fenced
 * @param lastEpoch
 *            epoch that the producer named when it asked for the current one, so that it may ask
 *            again; -1 if it named none. Not stored
 * @param timeoutMs
 *            time after its start at which the coordinator aborts a transaction, in milliseconds
 * @param partitions
 *            partitions of the transaction; empty if none is open. Not changed any more; a hash
 *            set,
 *            because that of {@link Set#copyOf} is slow if clients choose names of equal hashes
 * @param startMs
 *            time of the transaction's start, in milliseconds since 1970; -1 before the first one
 * @param updatedMs
 *            time of the last change, in milliseconds since 1970
 * @param clientVersion
 *            version of the protocol with which the client ended its transaction: since 2 each
 *            transaction has an epoch of its own (KIP-890); otherwise 0
 */
record TransactionalId(String id, long producerId, long previousProducerId, long nextProducerId,
        short epoch, short lastEpoch, int timeoutMs, TransactionState state,
        Set<TopicPart> partitions, long startMs, long updatedMs, short clientVersion) {

    static final long NO_PRODUCER = -1;
    static final short NO_EPOCH = -1;
    static final short VERSION_1 = 0;
    /** First version in which each transaction has an epoch of its own. */
    static final short VERSION_2 = 2;
    private static final int FIXED_BYTES = 512;
    private static final int PARTITION_BYTES = 96;

    TransactionalId {
        partitions = Collections.unmodifiableSet(partitions);
    }

    /** The state of a new transactional id. */
    static TransactionalId first(String id, long producerId, int timeoutMs, long nowMs) {
        return empty(id, producerId, NO_PRODUCER, (short) 0, NO_EPOCH, timeoutMs, nowMs);
    }

    private static TransactionalId empty(String id, long producerId, long previousProducerId,
            short epoch, short lastEpoch, int timeoutMs, long nowMs) {
        return new TransactionalId(id, producerId, previousProducerId, NO_PRODUCER, epoch,
                lastEpoch, timeoutMs, TransactionState.EMPTY, Set.of(), -1, nowMs, VERSION_1);
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

    /**
     * Whether a producer of this epoch is fenced. The largest epoch belongs to no producer: none
     * follows it that could end a transaction.
     */
    boolean isFenced(short producerEpoch) {
        return producerEpoch != epoch || epoch == Short.MAX_VALUE;
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
    TransactionalId initialised(short newEpoch, short newLastEpoch, int newTimeoutMs,
            long nowMs) {
        return empty(id, producerId, previousProducerId, newEpoch, newLastEpoch, newTimeoutMs,
                nowMs);
    }

    /** The state for a further producer with a new producer id. */
    TransactionalId rotated(long newProducerId, short newLastEpoch, int newTimeoutMs,
            long nowMs) {
        return empty(id, newProducerId, producerId, (short) 0, newLastEpoch, newTimeoutMs, nowMs);
    }

    /** The state with more partitions; begins a transaction if none is ongoing. */
    TransactionalId with(Set<TopicPart> more, long nowMs) {
        Set<TopicPart> all = new HashSet<>(partitions);
        all.addAll(more);
        return new TransactionalId(id, producerId, previousProducerId, NO_PRODUCER, epoch,
                lastEpoch, timeoutMs, TransactionState.ONGOING, all,
                isOngoing() ? startMs : nowMs, nowMs, VERSION_1);
    }

    /** The state in which the decision about the transaction is made. */
    TransactionalId ending(boolean commit, long nowMs) {
        return prepared(commit, epoch, lastEpoch, NO_PRODUCER, VERSION_1, nowMs);
    }

    /**
     * As {@link #ending}, with the next epoch for the markers and the next transaction.
     *
     * @param newProducerId
     *            a new producer id if the epochs are exhausted; otherwise -1
     */
    TransactionalId endingWithEpoch(boolean commit, long newProducerId, long nowMs) {
        return prepared(commit, (short) (epoch + 1), epoch, newProducerId, VERSION_2, nowMs);
    }

    /** The state in which the transaction is to be aborted and its producer is fenced. */
    TransactionalId fenced(long nowMs) {
        return prepared(false, (short) (epoch + 1), NO_EPOCH, NO_PRODUCER, VERSION_1, nowMs);
    }

    private TransactionalId prepared(boolean commit, short newEpoch, short newLastEpoch,
            long newProducerId, short version, long nowMs) {
        return new TransactionalId(id, producerId, previousProducerId, newProducerId, newEpoch,
                newLastEpoch, timeoutMs, commit
                        ? TransactionState.PREPARE_COMMIT
                        : TransactionState.PREPARE_ABORT,
                partitions, isOngoing() ? startMs : nowMs, nowMs, version);
    }

    /** The state in which all markers are written. */
    TransactionalId ended(long nowMs) {
        boolean rotates = nextProducerId != NO_PRODUCER;
        return new TransactionalId(id, rotates ? nextProducerId : producerId,
                rotates ? producerId : previousProducerId, NO_PRODUCER,
                rotates ? 0 : epoch, lastEpoch, timeoutMs, isCommitted()
                        ? TransactionState.COMPLETE_COMMIT
                        : TransactionState.COMPLETE_ABORT,
                Set.of(), startMs, nowMs, clientVersion);
    }

    /** Producer id with which the client goes on. */
    long clientProducerId() {
        return nextProducerId == NO_PRODUCER ? producerId : nextProducerId;
    }

    /** Epoch with which the client goes on. */
    short clientEpoch() {
        return nextProducerId == NO_PRODUCER ? epoch : 0;
    }

    /** Estimate of the memory of this state, in bytes. */
    long bytes() {
        long names = 0;
        for (TopicPart partition : partitions) {
            names += PARTITION_BYTES + partition.topic().length();
        }
        return FIXED_BYTES + 2L * id.length() + names;
    }
}
