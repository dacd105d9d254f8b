package io.taffrail.kafka.groups;

import java.util.HashSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroup;
import org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroupMember;
import org.jspecify.annotations.Nullable;

/** Estimates of the memory of consumer protocol members, by the rules of {@link StateBytes}. */
final class SubscriberBytes {

    private SubscriberBytes() {}

    /**
     * Bytes that a heartbeat may add: none, or those of a group with this member and an assignment
     * of all its partitions.
     *
     * @param mostAssignedBytes
     *            maximum that is counted for assigned partitions, because the members of a group
     *            share them
     */
    static long of(ConsumerGroupHeartbeatRequestData beat, @Nullable String clientId,
            TopicNameLookup topics, long mostAssignedBytes) {
        boolean stays = beat.memberEpoch() > 0 && beat.subscribedTopicNames() == null
                && beat.subscribedTopicRegex() == null;
        if (stays || beat.memberEpoch() < 0) {
            return 0;
        }
        long bytes = StateBytes.GROUP + StateBytes.text(beat.groupId()) + StateBytes.MEMBER
                + StateBytes.text(beat.memberId()) + StateBytes.text(beat.instanceId())
                + StateBytes.text(beat.rackId()) + StateBytes.text(clientId)
                + StateBytes.text(beat.subscribedTopicRegex());
        long partitions = 0;
        if (beat.subscribedTopicNames() != null) {
            bytes += 2 * StateBytes.topics(beat.subscribedTopicNames());
            for (String name : new HashSet<>(beat.subscribedTopicNames())) {
                partitions += topics.partitions(name);
            }
        }
        if (beat.subscribedTopicRegex() != null && !beat.subscribedTopicRegex().isEmpty()) {
            partitions = topics.allPartitions();
        }
        return bytes + Math.min(mostAssignedBytes, StateBytes.ASSIGNED_PARTITION * partitions);
    }

    /**
     * Bytes of the state that the heartbeat would replace.
     *
     * @param bytes
     *            the result for a member that already has the subscriptions of the heartbeat
     */
    static long held(CoordinatorState.Shard shard, ConsumerGroupHeartbeatRequestData beat,
            long bytes) {
        if (!(shard.groups().get(beat.groupId()) instanceof ConsumerGroup group)) {
            return 0;
        }
        ConsumerGroupMember member = beat.instanceId() == null
                ? group.members().get(beat.memberId())
                : group.staticMember(beat.instanceId());
        return member != null && subscribed(member, beat) ? bytes : 0;
    }

    private static boolean subscribed(ConsumerGroupMember member,
            ConsumerGroupHeartbeatRequestData beat) {
        return (beat.subscribedTopicNames() == null
                || member.subscribedTopicNames().containsAll(beat.subscribedTopicNames()))
                && (beat.subscribedTopicRegex() == null
                        || beat.subscribedTopicRegex().isEmpty()
                        || beat.subscribedTopicRegex().equals(member.subscribedTopicRegex()));
    }
}
