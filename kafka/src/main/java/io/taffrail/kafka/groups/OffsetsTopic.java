package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.TransactionGate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic that stores groups: one compacted log for each shard of the coordinator. Its durability
 * is {@code fsync} whatever the default for topics is: a power cut must not take the offsets
 * of a transaction and leave its decision and its records in other topics.
 *
 * @param gate
 *            checks the offsets of transactions before they are stored
 */
record OffsetsTopic(Topics topics, GroupSettings settings, TransactionGate gate) {

    static final String NAME = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

    Optional<Topic> find() {
        return topics.find(NAME);
    }

    CompletableFuture<TopicOutcome> findOrCreate() {
        return topics.findOrCreate(new NewTopic(NAME, settings.offsetsPartitions(),
                Map.of("cleanup.policy", "compact", "compression.type", "producer",
                        "durability", "fsync",
                        "segment.bytes", Integer.toString(settings.offsetsSegmentBytes())),
                true));
    }

    /**
     * The partition that stores a shard.
     *
     * @throws UnknownTopicOrPartitionException
     *             if the topic has been deleted
     */
    Partition partition(TopicPartition shard) {
        List<Partition> partitions = topic(shard).partitions();
        if (shard.partition() >= partitions.size()) {
            throw new UnknownTopicOrPartitionException(shard + " is not there");
        }
        return partitions.get(shard.partition());
    }

    Topic topic(TopicPartition shard) {
        return find().orElseThrow(
                () -> new UnknownTopicOrPartitionException(shard + " is not there"));
    }
}
