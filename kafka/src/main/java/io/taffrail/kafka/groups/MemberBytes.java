package io.taffrail.kafka.groups;

import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.coordinator.group.Group;
import org.apache.kafka.coordinator.group.classic.ClassicGroup;
import org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroup;
import org.jspecify.annotations.Nullable;

/** Estimates of the memory of classic members, by the rules of {@link StateBytes}. */
final class MemberBytes {

    private MemberBytes() {}

    /** Bytes that a JoinGroup request may add: a group with this member. */
    static long of(JoinGroupRequestData join, @Nullable String clientId) {
        return StateBytes.GROUP + StateBytes.text(join.groupId()) + StateBytes.MEMBER
                + StateBytes.text(join.memberId()) + StateBytes.text(join.groupInstanceId())
                + StateBytes.text(clientId) + StateBytes.protocols(join.protocols());
    }

    /** Bytes of the state that the request would replace. */
    static long held(CoordinatorState.Shard shard, JoinGroupRequestData join) {
        Group group = shard.groups().get(join.groupId());
        return switch (group) {
            case ClassicGroup classic -> {
                String id = join.groupInstanceId() == null
                        ? join.memberId()
                        : classic.staticMemberId(join.groupInstanceId());
                yield id == null || !classic.hasMember(id)
                        ? 0
                        : of(classic) + StateBytes.of(classic.member(id));
            }
            case ConsumerGroup consumer -> {
                var member = join.groupInstanceId() == null
                        ? consumer.members().get(join.memberId())
                        : consumer.staticMember(join.groupInstanceId());
                yield member == null ? 0 : of(consumer) + StateBytes.of(member);
            }
            case null, default -> 0L;
        };
    }

    private static long of(Group group) {
        return StateBytes.GROUP + StateBytes.text(group.groupId());
    }

    /** Bytes of the assignments that a leader sends. */
    static long assigned(SyncGroupRequestData sync) {
        long bytes = 0;
        for (SyncGroupRequestAssignment member : sync.assignments()) {
            bytes += StateBytes.assignment(member.assignment());
        }
        return bytes;
    }

    /** Bytes of a group's present assignments. */
    static long assigned(CoordinatorState.Shard shard, String groupId) {
        return shard.groups().get(groupId) instanceof ClassicGroup classic
                ? classic.allMembers().stream()
                        .mapToLong(member -> StateBytes.assignment(member.assignment())).sum()
                : 0;
    }
}
