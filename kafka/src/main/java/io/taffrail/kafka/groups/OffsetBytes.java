package io.taffrail.kafka.groups;

import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;

/** The memory of committed offsets, as {@link StateBytes} counts. */
final class OffsetBytes {

    private OffsetBytes() {}

    /** What a commit may add: a group with these offsets. */
    static long of(OffsetCommitRequestData commit) {
        long bytes = StateBytes.GROUP + StateBytes.text(commit.groupId());
        for (OffsetCommitRequestTopic topic : commit.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                bytes += StateBytes.offset(partition.committedMetadata());
            }
        }
        return bytes;
    }

    /** What is there of that. */
    static long held(CoordinatorState.Shard shard, OffsetCommitRequestData commit) {
        var offsets = shard.offsets().get(commit.groupId());
        if (offsets == null) {
            return 0;
        }
        long bytes = StateBytes.GROUP + StateBytes.text(commit.groupId());
        for (OffsetCommitRequestTopic topic : commit.topics()) {
            Map<Integer, OffsetAndMetadata> present = offsets.get(topic.name());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                OffsetAndMetadata offset = present == null
                        ? null
                        : present.get(partition.partitionIndex());
                bytes += offset == null ? 0 : StateBytes.of(offset);
            }
        }
        return bytes;
    }
}
