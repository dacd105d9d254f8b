package io.taffrail.kafka.groups;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Requests of one group, encoded and sent like those of a real client. */
record GroupClient(GroupsFixture fixture, String group) {

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Errors find() throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.FIND_COORDINATOR, 6,
                new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group)),
                FindCoordinatorResponseData.class).coordinators().getFirst().errorCode());
    }

    CompletableFuture<JoinGroupResponseData> sendJoin(int version, String memberId,
            Optional<String> instance) {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(bytes("all")));
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId(group)
                .setMemberId(memberId).setProtocolType("consumer").setSessionTimeoutMs(30_000)
                .setProtocols(protocols);
        if (version >= 1) {
            join.setRebalanceTimeoutMs(30_000);
        }
        instance.ifPresent(join::setGroupInstanceId);
        return fixture.send(ApiKeys.JOIN_GROUP, version, join, JoinGroupResponseData.class);
    }

    /** Joins, including the second request that newer versions require from new members. */
    JoinGroupResponseData join(int version, Optional<String> instance) throws Exception {
        JoinGroupResponseData first = sendJoin(version, "", instance).get();
        return first.errorCode() == Errors.MEMBER_ID_REQUIRED.code()
                ? sendJoin(version, first.memberId(), instance).get()
                : first;
    }

    SyncGroupResponseData syncAsLeader(int version, JoinGroupResponseData joined, String assigned)
            throws Exception {
        SyncGroupRequestData sync = new SyncGroupRequestData().setGroupId(group)
                .setMemberId(joined.memberId()).setGenerationId(joined.generationId())
                .setAssignments(joined.members().stream()
                        .map(member -> new SyncGroupRequestAssignment()
                                .setMemberId(member.memberId()).setAssignment(bytes(assigned)))
                        .toList());
        if (version >= 5) {
            sync.setProtocolType("consumer").setProtocolName("range");
        }
        return fixture.ask(ApiKeys.SYNC_GROUP, version, sync, SyncGroupResponseData.class);
    }

    CompletableFuture<OffsetCommitResponseData> sendCommit(int version, Uuid id, String topic,
            int partition, long offset) {
        OffsetCommitRequestTopic commit = new OffsetCommitRequestTopic()
                .setPartitions(List.of(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition).setCommittedOffset(offset)));
        return fixture.send(ApiKeys.OFFSET_COMMIT, version,
                new OffsetCommitRequestData().setGroupId(group).setTopics(
                        List.of(version >= 10 ? commit.setTopicId(id) : commit.setName(topic))),
                OffsetCommitResponseData.class);
    }

    Errors commit(int version, Uuid id, String topic, int partition, long offset)
            throws Exception {
        return error(sendCommit(version, id, topic, partition, offset).get());
    }

    static Errors error(OffsetCommitResponseData response) {
        return Errors.forCode(response.topics().getFirst().partitions().getFirst().errorCode());
    }

    OffsetFetchResponseData fetchResponse(int version, Uuid id, String topic, int partition)
            throws Exception {
        OffsetFetchRequestData fetch = new OffsetFetchRequestData();
        if (version < 8) {
            fetch.setGroupId(group).setTopics(List.of(new OffsetFetchRequestTopic().setName(topic)
                    .setPartitionIndexes(List.of(partition))));
        } else {
            OffsetFetchRequestTopics topics = new OffsetFetchRequestTopics()
                    .setPartitionIndexes(List.of(partition));
            fetch.setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(group).setTopics(
                    List.of(version >= 10 ? topics.setTopicId(id) : topics.setName(topic)))));
        }
        return fixture.ask(ApiKeys.OFFSET_FETCH, version, fetch, OffsetFetchResponseData.class);
    }

    /** The committed offset, or -1 if there is none. */
    long fetch(int version, Uuid id, String topic, int partition) throws Exception {
        OffsetFetchResponseData response = fetchResponse(version, id, topic, partition);
        return version < 8
                ? response.topics().getFirst().partitions().getFirst().committedOffset()
                : response.groups().getFirst().topics().getFirst().partitions().getFirst()
                        .committedOffset();
    }

    ConsumerGroupHeartbeatRequestData heartbeat(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    ConsumerGroupHeartbeatResponseData beat(ConsumerGroupHeartbeatRequestData heartbeat)
            throws Exception {
        return fixture.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, heartbeat,
                ConsumerGroupHeartbeatResponseData.class);
    }

    List<String> list(List<String> states, List<String> types) throws Exception {
        return fixture.ask(ApiKeys.LIST_GROUPS, 5,
                new ListGroupsRequestData().setStatesFilter(states).setTypesFilter(types),
                ListGroupsResponseData.class).groups().stream()
                .map(ListGroupsResponseData.ListedGroup::groupId).toList();
    }
}
