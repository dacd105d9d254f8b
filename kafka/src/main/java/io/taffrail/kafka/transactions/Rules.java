package io.taffrail.kafka.transactions;

import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.jspecify.annotations.Nullable;

/**
 * The rules of Kafka's transaction coordinator (KIP-98, KIP-360), as functions of the state of a
 * transactional id and a request. They change nothing.
 */
final class Rules {

    private static final Decision MAPPING = new Decision.Answer(
            Errors.INVALID_PRODUCER_ID_MAPPING);
    private static final Decision FENCED = new Decision.Answer(Errors.PRODUCER_FENCED);
    private static final Decision CONCURRENT = new Decision.Answer(
            Errors.CONCURRENT_TRANSACTIONS);
    private static final Decision INVALID_STATE = new Decision.Answer(Errors.INVALID_TXN_STATE);
    private static final Decision DONE = new Decision.Answer(Errors.NONE);

    private Rules() {}

    /**
     * A request for a producer id and epoch.
     *
     * @param expectedProducerId
     *            producer id of a producer that continues after an error; -1 for a new producer
     * @param expectedEpoch
     *            its epoch; -1 for a new producer
     * @param newProducerId
     *            a producer id that was not used before; -1 if none has been reserved
     */
    record Init(String id, int timeoutMs, long expectedProducerId, short expectedEpoch,
            long newProducerId) {

        boolean isNewProducer() {
            return expectedEpoch == TransactionalId.NO_EPOCH;
        }

        Init with(long producerId) {
            return new Init(id, timeoutMs, expectedProducerId, expectedEpoch, producerId);
        }
    }

    /**
     * InitProducerId: fences earlier producers; an ongoing transaction is aborted first. Unlike in
     * Kafka, a fenced producer that continues does not abort the transaction of its successor.
     */
    static Decision init(@Nullable TransactionalId now, Init request, long nowMs) {
        if (now == null) {
            return request.newProducerId() == TransactionalId.NO_PRODUCER
                    ? new Decision.NeedsProducerId()
                    : new Decision.Change(
                            TransactionalId.first(request.id(), request.newProducerId(),
                                    request.timeoutMs(), nowMs));
        }
        if (!request.isNewProducer() && !mayContinue(now, request)) {
            return FENCED;
        }
        return switch (now.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> CONCURRENT;
            case ONGOING -> request.isNewProducer() || request.expectedEpoch() == now.epoch()
                    ? new Decision.Change(now.fenced(nowMs), Errors.CONCURRENT_TRANSACTIONS)
                    : FENCED;
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> nextEpoch(now, request, nowMs);
            case DEAD, PREPARE_EPOCH_FENCE -> throw new IllegalStateException(
                    now.id() + " is in state " + now.state() + ", which is never stored");
        };
    }

    /**
     * Whether the producer that continues has the present producer id, or the previous one with an
     * exhausted epoch: then the answer to its last request was lost.
     */
    private static boolean mayContinue(TransactionalId now, Init request) {
        return request.expectedProducerId() == now.producerId()
                || (request.expectedProducerId() == now.previousProducerId()
                        && TransactionalId.isExhausted(request.expectedEpoch()));
    }

    private static Decision nextEpoch(TransactionalId now, Init request, long nowMs) {
        boolean present = request.isNewProducer() || request.expectedEpoch() == now.epoch();
        if (now.isEpochExhausted() && present) {
            return request.newProducerId() == TransactionalId.NO_PRODUCER
                    ? new Decision.NeedsProducerId()
                    : new Decision.Change(now.rotated(request.newProducerId(),
                            request.isNewProducer() ? TransactionalId.NO_EPOCH : now.epoch(),
                            request.timeoutMs(), nowMs));
        }
        if (present) {
            return new Decision.Change(now.initialised((short) (now.epoch() + 1),
                    request.isNewProducer() ? TransactionalId.NO_EPOCH : now.epoch(),
                    request.timeoutMs(), nowMs));
        }
        return request.expectedEpoch() == now.lastEpoch()
                ? new Decision.Change(now.initialised(now.epoch(), now.lastEpoch(),
                        request.timeoutMs(), nowMs))
                : FENCED;
    }

    /** AddPartitionsToTxn and AddOffsetsToTxn; begins a transaction if none is ongoing. */
    static Decision add(@Nullable TransactionalId now, long producerId, short epoch,
            Set<TopicPart> partitions, long nowMs) {
        if (now != null && now.isEnding() && now.clientProducerId() == producerId
                && now.clientEpoch() == epoch) {
            return CONCURRENT;
        }
        if (now == null || now.producerId() != producerId) {
            return MAPPING;
        }
        if (now.isFenced(epoch)) {
            return FENCED;
        }
        return now.isOngoing() && now.partitions().containsAll(partitions)
                ? DONE
                : new Decision.Change(now.with(partitions, nowMs));
    }

    /** The check whether an ongoing transaction includes partitions, which changes nothing. */
    static Decision verify(@Nullable TransactionalId now, long producerId, short epoch,
            Set<TopicPart> partitions) {
        if (now == null || now.producerId() != producerId) {
            return MAPPING;
        }
        if (now.isFenced(epoch)) {
            return FENCED;
        }
        if (now.isEnding()) {
            return CONCURRENT;
        }
        return now.isOngoing() && now.partitions().containsAll(partitions) ? DONE : INVALID_STATE;
    }

    /** EndTxn: makes the decision about the ongoing transaction. */
    static Decision end(@Nullable TransactionalId now, long producerId, short epoch, boolean commit,
            long nowMs) {
        if (now == null || now.producerId() != producerId) {
            return MAPPING;
        }
        if (now.isFenced(epoch)) {
            return FENCED;
        }
        return switch (now.state()) {
            case ONGOING -> new Decision.Change(now.ending(commit, nowMs));
            case PREPARE_COMMIT, PREPARE_ABORT ->
                now.isCommitted() == commit ? CONCURRENT : INVALID_STATE;
            case COMPLETE_COMMIT, COMPLETE_ABORT ->
                now.isCommitted() == commit ? DONE : INVALID_STATE;
            case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> INVALID_STATE;
        };
    }

    /**
     * EndTxn since version 5 (KIP-890): the next transaction gets a new epoch. A repeated request
     * has the epoch before it. A transaction without partitions can be aborted.
     *
     * @param newProducerId
     *            a producer id that was not used before; -1 if none has been reserved
     */
    static Decision endWithEpoch(@Nullable TransactionalId now, long producerId, short epoch,
            boolean commit, long newProducerId, long nowMs) {
        if (now == null) {
            return MAPPING;
        }
        if (isRepeated(now, producerId, epoch)) {
            return now.isCommitted() != commit
                    ? INVALID_STATE
                    : now.isEnding() ? CONCURRENT : DONE;
        }
        if (now.producerId() != producerId) {
            return MAPPING;
        }
        if (now.isFenced(epoch) || now.isEnding()) {
            return FENCED;
        }
        if (!now.isOngoing() && commit) {
            return INVALID_STATE;
        }
        if (now.isEpochExhausted() && newProducerId == TransactionalId.NO_PRODUCER) {
            return new Decision.NeedsProducerId();
        }
        return new Decision.Change(now.endingWithEpoch(commit,
                now.isEpochExhausted() ? newProducerId : TransactionalId.NO_PRODUCER, nowMs));
    }

    /** Whether the request is the one that led to the present state. */
    private static boolean isRepeated(TransactionalId now, long producerId, short epoch) {
        boolean ended = now.isEnding() || now.state() == TransactionState.COMPLETE_COMMIT
                || now.state() == TransactionState.COMPLETE_ABORT;
        if (!ended || now.clientVersion() < TransactionalId.VERSION_2) {
            return false;
        }
        boolean sameProducer = now.producerId() == producerId && now.epoch() == epoch + 1;
        boolean rotated = now.previousProducerId() == producerId && now.epoch() == 0
                && TransactionalId.isExhausted(epoch);
        return sameProducer || rotated;
    }

    /** Time-out: aborts the transaction and fences its producer. */
    static Decision timeOut(@Nullable TransactionalId now, long nowMs) {
        return now != null && isTimedOut(now, nowMs)
                ? new Decision.Change(now.fenced(nowMs))
                : DONE;
    }

    /** Whether an ongoing transaction has lasted longer than its producer's time-out. */
    static boolean isTimedOut(TransactionalId now, long nowMs) {
        return now.isOngoing() && now.startMs() + now.timeoutMs() < nowMs;
    }

    /** Whether a transactional id has not been used for so long that it is removed. */
    static boolean isExpired(TransactionalId now, long expirationMs, long nowMs) {
        return (now.state() == TransactionState.EMPTY
                || now.state() == TransactionState.COMPLETE_COMMIT
                || now.state() == TransactionState.COMPLETE_ABORT)
                && now.updatedMs() + expirationMs <= nowMs;
    }
}
