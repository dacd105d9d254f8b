package io.taffrail.kafka.transactions;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.Topics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The topic that stores transactions: one compacted log for each shard of the coordinator. Its
 * durability is {@code fsync} whatever the default for topics is, because a decision that is lost
 * leaves transactions open in the logs of other topics.
 */
record TransactionsTopic(Topics topics, TransactionSettings settings) {

    static final String NAME = org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;

    /**
     * Largest batch that begins or extends a transaction, in bytes; a transaction of more
     * partitions is refused.
     */
    static final int MAX_BATCH_BYTES = 1 << 20;

    /**
     * Largest batch that is stored, in bytes. The record that ends a transaction has the same
     * partitions as the last one before it and may be larger: it can have more fields, and another
     * version if {@code transaction.version} was changed.
     */
    static final int MAX_END_BYTES = 2 << 20;

    CompletableFuture<TopicOutcome> findOrCreate() {
        return topics.findOrCreate(new NewTopic(NAME, settings.partitions(),
                Map.of("cleanup.policy", "compact", "compression.type", "producer",
                        "durability", "fsync",
                        "segment.bytes", Integer.toString(settings.segmentBytes())),
                true));
    }
}
