package io.taffrail.kafka.groups;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Wanted by share groups alone, which have no way in. */
final class NoPartitionMetadata implements PartitionMetadataClient {

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
            Set<TopicPartition> partitions) {
        throw new UnsupportedOperationException("share groups are not served");
    }

    @Override
    public void close() {}
}
