package io.taffrail.kafka.groups;

import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.coordinator.group.Group;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;
import org.apache.kafka.coordinator.group.classic.ClassicGroup;
import org.apache.kafka.coordinator.group.classic.ClassicGroupMember;
import org.apache.kafka.coordinator.group.modern.ModernGroup;
import org.apache.kafka.coordinator.group.modern.ModernGroupMember;
import org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroup;
import org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroupMember;
import org.jspecify.annotations.Nullable;

/**
 * Estimates of the memory of groups in bytes. The same rules apply to present state and to the
 * state that a request adds. Objects of a fixed size include their map entries and timers.
 */
final class StateBytes {

    static final int GROUP = 2048;
    static final int MEMBER = 2048;
    static final int OFFSET = 384;

    /** One assigned partition of the consumer protocol, in the four maps of its group. */
    static final int ASSIGNED_PARTITION = 256;

    /** Largest assignment of a classic member, in bytes, that {@link #MEMBER} includes. */
    static final int SMALL_ASSIGNMENT = 512;

    private static final int ENTRY = 96;

    private StateBytes() {}

    static long text(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }

    static long protocols(@Nullable JoinGroupRequestProtocolCollection protocols) {
        long bytes = 0;
        if (protocols != null) {
            for (JoinGroupRequestProtocol protocol : protocols) {
                bytes += ENTRY + text(protocol.name()) + protocol.metadata().length;
            }
        }
        return bytes;
    }

    static long assignment(byte[] assignment) {
        return Math.max(0, assignment.length - SMALL_ASSIGNMENT);
    }

    static long topics(Iterable<String> names) {
        long bytes = 0;
        for (String name : names) {
            bytes += ENTRY + text(name);
        }
        return bytes;
    }

    static long offset(@Nullable String metadata) {
        return OFFSET + text(metadata);
    }

    static long of(OffsetAndMetadata offset) {
        return offset(offset.metadata);
    }

    static long of(Group group) {
        return GROUP + text(group.groupId()) + switch (group) {
            case ClassicGroup classic -> (long) classic.numPendingJoinMembers() * ENTRY * 2
                    + classic.allMembers().stream().mapToLong(StateBytes::of).sum();
            case ConsumerGroup consumer -> consumer(consumer);
            case ModernGroup<?> modern ->
                modern.members().values().stream().mapToLong(StateBytes::modern).sum();
            default -> 0L;
        };
    }

    static long of(ClassicGroupMember member) {
        return MEMBER + text(member.memberId()) + text(member.groupInstanceId().orElse(null))
                + text(member.clientId()) + protocols(member.supportedProtocols())
                + assignment(member.assignment());
    }

    static long of(ConsumerGroupMember member) {
        return modern(member) + text(member.subscribedTopicRegex())
                + member.supportedClassicProtocols().map(protocols -> protocols.stream()
                        .mapToLong(it -> ENTRY + text(it.name()) + it.metadata().length).sum())
                        .orElse(0L);
    }

    private static long modern(ModernGroupMember member) {
        return MEMBER + text(member.memberId()) + text(member.instanceId())
                + text(member.rackId()) + text(member.clientId())
                + topics(member.subscribedTopicNames());
    }

    private static long consumer(ConsumerGroup group) {
        long bytes = 0;
        for (ConsumerGroupMember member : group.members().values()) {
            bytes += of(member);
        }
        for (var assignment : group.targetAssignment().values()) {
            bytes += assignment.partitions().values().stream()
                    .mapToLong(it -> ENTRY + (long) ASSIGNED_PARTITION * it.size()).sum();
        }
        for (var pattern : group.resolvedRegularExpressions().entrySet()) {
            bytes += ENTRY + text(pattern.getKey()) + topics(pattern.getValue().topics());
        }
        return bytes + topics(group.subscribedTopicNames().keySet());
    }
}
