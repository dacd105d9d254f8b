package io.taffrail.kafka.groups;

import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;

/** Estimates of the memory of committed offsets, by the rules of {@link StateBytes}. */
final class OffsetBytes {

    private OffsetBytes() {}

    /** The commit of the same offsets outside a transaction, for estimates. */
    static OffsetCommitRequestData asCommit(TxnOffsetCommitRequestData commit) {
        return new OffsetCommitRequestData().setGroupId(commit.groupId())
                .setTopics(commit.topics().stream().map(topic -> new OffsetCommitRequestTopic()
                        .setName(topic.name()).setPartitions(topic.partitions().stream()
                                .map(partition -> new OffsetCommitRequestPartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setCommittedMetadata(partition.committedMetadata()))
                                .toList()))
                        .toList());
    }

    /** Bytes that a commit may add: a group with these offsets. */
    static long of(OffsetCommitRequestData commit) {
        long bytes = StateBytes.GROUP + StateBytes.text(commit.groupId());
        for (OffsetCommitRequestTopic topic : commit.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                bytes += StateBytes.offset(partition.committedMetadata());
            }
        }
        return bytes;
    }

    /** Bytes of the state that the commit would replace. */
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
