package io.taffrail.kafka.api;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Addition of partitions to the ongoing transaction of a producer, for requests that add them
 * implicitly (KIP-890). Safe for any thread.
 */
@FunctionalInterface
public interface TransactionJoin {

    /**
     * Adds partitions, and begins a transaction if none is ongoing. Completes with NONE when the
     * addition is durable; never fails.
     *
     * @param id
     *            the transactional id
     */
    CompletableFuture<Errors> join(String id, long producerId, short epoch,
            Collection<TopicPartition> partitions);
}
