package io.taffrail.kafka.groups;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Stub that the coordinator needs for share groups only; no request can create a share group. */
final class NoPartitionMetadata implements PartitionMetadataClient {

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
            Set<TopicPartition> partitions) {
        throw new UnsupportedOperationException("share groups are not served");
    }

    @Override
    public void close() {}
}
