package io.taffrail.kafka.produce;

import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.kafka.api.TransactionJoin;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * The transactions as Produce uses them. Since version 12 a batch adds its partition to the
 * transaction of its producer (KIP-890). Safe for any thread.
 *
 * @param gate
 *            checks that a transactional batch belongs to an ongoing transaction
 */
public record ProduceTransactions(TransactionGate gate, TransactionJoin join) {

    private static final int JOINS_FROM_VERSION = 12;

    static boolean joins(short version) {
        return version >= JOINS_FROM_VERSION;
    }

    /** Adds partitions; completes with NONE or the error for their batches. */
    CompletableFuture<Errors> join(String transactionalId, ProduceChecks.Joining joining) {
        return join.join(transactionalId, joining.producerId(), joining.epoch(),
                joining.partitions()).thenApply(ProduceTransactions::error);
    }

    /** The error as producers know it. */
    private static Errors error(Errors error) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS ->
                Errors.NOT_ENOUGH_REPLICAS;
            default -> error;
        };
    }
}
