package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that fill the memory of groups, next to a group that keeps working. */
@Timeout(120)
class GroupLimitsTest {

    private static final int LIMIT = 1 << 20;
    private static final int LARGE = 50_000;
    private static final int TOO_MANY = 2000;

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "3"),
            LIMIT);
    private final GroupClient old = new GroupClient(fixture, "old");
    private JoinGroupResponseData member;

    @BeforeEach
    void aGroupWorks() throws Exception {
        fixture.topic("t", 4);
        old.find();
        member = old.join(9, Optional.empty());
        old.syncAsLeader(5, member, "all");
        goesOn();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void goesOn() throws Exception {
        assertThat(Errors.forCode(fixture.ask(ApiKeys.HEARTBEAT, 4,
                new HeartbeatRequestData().setGroupId("old").setMemberId(member.memberId())
                        .setGenerationId(member.generationId()),
                HeartbeatResponseData.class).errorCode())).isEqualTo(Errors.NONE);
        assertThat(commit("old", "m", 0, member.memberId(), member.generationId()))
                .isEqualTo(Errors.NONE);
        member = old.sendJoin(9, member.memberId(), Optional.empty()).get();
        assertThat(Errors.forCode(member.errorCode())).isEqualTo(Errors.NONE);
        assertThat(old.syncAsLeader(5, member, "all").errorCode()).isZero();
    }

    private JoinGroupResponseData join(int version, String group, String memberId, int bytes)
            throws Exception {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range")
                .setMetadata(new byte[bytes]));
        return fixture.ask(ApiKeys.JOIN_GROUP, version,
                new JoinGroupRequestData().setGroupId(group).setMemberId(memberId)
                        .setProtocolType("consumer").setSessionTimeoutMs(30_000)
                        .setRebalanceTimeoutMs(30_000).setProtocols(protocols),
                JoinGroupResponseData.class);
    }

    private Errors commit(String group, String metadata, int partition, String memberId,
            int generation) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.OFFSET_COMMIT, 9,
                new OffsetCommitRequestData().setGroupId(group).setMemberId(memberId)
                        .setGenerationIdOrMemberEpoch(generation)
                        .setTopics(List.of(new OffsetCommitRequestTopic().setName("t")
                                .setPartitions(List.of(new OffsetCommitRequestPartition()
                                        .setPartitionIndex(partition)
                                        .setCommittedMetadata(metadata))))),
                OffsetCommitResponseData.class).topics().getFirst().partitions().getFirst()
                .errorCode());
    }

    private Errors leave(String group, String memberId) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.LEAVE_GROUP, 5,
                new LeaveGroupRequestData().setGroupId(group).setMembers(
                        List.of(new MemberIdentity().setMemberId(memberId))),
                LeaveGroupResponseData.class).members().getFirst().errorCode());
    }

    /**
     * Adds one member each to new groups until a member is refused; returns the accepted members.
     */
    private List<JoinGroupResponseData> fill() throws Exception {
        List<JoinGroupResponseData> joined = new ArrayList<>();
        JoinGroupResponseData last = join(3, "g0", "", LARGE);
        while (last.errorCode() == 0) {
            joined.add(last);
            assertThat(joined).hasSizeLessThanOrEqualTo(LIMIT / LARGE);
            last = join(3, "g" + joined.size(), "", LARGE);
        }
        assertThat(Errors.forCode(last.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(joined).hasSizeGreaterThan(LIMIT / LARGE / 2);
        return joined;
    }

    @Test
    void metadataOfMembersIsBoundedAndGoesWithThem() throws Exception {
        List<JoinGroupResponseData> joined = fill();
        goesOn();
        assertThat(Errors.forCode(join(3, "another", "", LARGE).errorCode()))
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        for (int i = 0; i < joined.size(); i++) {
            assertThat(leave("g" + i, joined.get(i).memberId())).isEqualTo(Errors.NONE);
        }
        assertThat(join(3, "another", "", LARGE).errorCode()).isZero();
        goesOn();
    }

    @Test
    void aMemberMayReplaceItsMetadataByNoMore() throws Exception {
        JoinGroupResponseData first = fill().getFirst();
        assertThat(join(3, "g0", first.memberId(), LARGE).errorCode()).isZero();
        assertThat(Errors.forCode(join(3, "g0", first.memberId(), 2 * LARGE).errorCode()))
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void assignmentsAreBounded() throws Exception {
        JoinGroupResponseData joined = join(3, "g", "", 10);
        SyncGroupRequestData sync = new SyncGroupRequestData().setGroupId("g")
                .setMemberId(joined.memberId()).setGenerationId(joined.generationId())
                .setProtocolType("consumer").setProtocolName("range")
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId()).setAssignment(new byte[LIMIT])));
        assertThat(Errors.forCode(fixture.ask(ApiKeys.SYNC_GROUP, 5, sync,
                SyncGroupResponseData.class).errorCode()))
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        goesOn();
    }

    @Test
    void groupsThatNobodyHasJoinedYetAreBounded() throws Exception {
        String name = "n".repeat(10_000);
        int groups = 0;
        Errors last = Errors.MEMBER_ID_REQUIRED;
        while (last == Errors.MEMBER_ID_REQUIRED) {
            assertThat(groups).isLessThan(TOO_MANY);
            last = Errors.forCode(join(9, name + groups++, "", 10).errorCode());
        }
        assertThat(last).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        goesOn();
    }

    @Test
    void emptyGroupsOfNobodyGo() throws Exception {
        try (GroupsFixture brief = new GroupsFixture(Map.of(
                "group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "1",
                "offsets.retention.check.interval.ms", "100"))) {
            GroupClient client = new GroupClient(brief, "g");
            client.find();
            JoinGroupResponseData joined = client.sendJoin(3, "", Optional.empty()).get();
            client.syncAsLeader(3, joined, "all");
            assertThat(client.list(List.of(), List.of())).containsExactly("g");
            brief.ask(ApiKeys.LEAVE_GROUP, 5, new LeaveGroupRequestData().setGroupId("g")
                    .setMembers(List.of(new MemberIdentity().setMemberId(joined.memberId()))),
                    LeaveGroupResponseData.class);
            while (!client.list(List.of(), List.of()).isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void offsetsAreBoundedAlsoAfterARestart() throws Exception {
        String metadata = "m".repeat(4096);
        int groups = 0;
        Errors last = Errors.NONE;
        while (last == Errors.NONE) {
            assertThat(groups).isLessThan(TOO_MANY);
            last = commit("g" + groups++, metadata, 1, "", -1);
        }
        assertThat(last).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(groups).isGreaterThan(LIMIT / 4096 / 4);
        goesOn();
        assertThat(commit("g0", metadata, 1, "", -1)).isEqualTo(Errors.NONE);

        fixture.restart();
        for (int i = 0; i < groups; i++) {
            // FindCoordinator completes when the group's shard has been loaded.
            new GroupClient(fixture, "g" + i).find();
        }
        assertThat(commit("another", metadata, 1, "", -1))
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        DeleteGroupsRequestData delete = new DeleteGroupsRequestData();
        for (int i = 0; i < groups - 1; i++) {
            delete.groupsNames().add("g" + i);
        }
        assertThat(fixture.ask(ApiKeys.DELETE_GROUPS, 2, delete, DeleteGroupsResponseData.class)
                .results()).allMatch(result -> result.errorCode() == 0);
        assertThat(commit("another", metadata, 1, "", -1)).isEqualTo(Errors.NONE);
    }

    @Test
    void metadataOfAnOffsetIsBounded() throws Exception {
        assertThat(commit("g", "m".repeat(4097), 1, "", -1))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
    }

    @Test
    void membersOfTheConsumerProtocolAreBounded() throws Exception {
        List<String> topics = List.of("t", "x".repeat(10_000));
        int groups = 0;
        ConsumerGroupHeartbeatResponseData last = subscribe(groups, topics);
        while (last.errorCode() == 0) {
            assertThat(++groups).isLessThan(TOO_MANY);
            last = subscribe(groups, topics);
        }
        assertThat(Errors.forCode(last.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        goesOn();
        GroupClient first = new GroupClient(fixture, "c0");
        assertThat(first.beat(first.heartbeat(id(0), -1)).errorCode()).isZero();
        GroupClient second = new GroupClient(fixture, "c1");
        assertThat(second.beat(second.heartbeat(id(1), -1)).errorCode()).isZero();
        assertThat(subscribe(groups, topics).errorCode()).isZero();
    }

    private static String id(int group) {
        return new Uuid(1, group).toString();
    }

    private ConsumerGroupHeartbeatResponseData subscribe(int group, List<String> topics)
            throws Exception {
        GroupClient client = new GroupClient(fixture, "c" + group);
        return client.beat(client.heartbeat(id(group), 0).setRebalanceTimeoutMs(10_000)
                .setTopicPartitions(List.of()).setSubscribedTopicNames(topics));
    }
}
