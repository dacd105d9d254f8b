package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClassicGroupTest {

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "4"));
    private final GroupClient client = new GroupClient(fixture, "g");

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everyVersionJoinsSyncsBeatsAndLeaves(int version) throws Exception {
        client.find();

        JoinGroupResponseData joined = client.join(version, Optional.empty());
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.leader()).isEqualTo(joined.memberId());
        assertThat(client.syncAsLeader(Math.min(5, version), joined, "p0").assignment())
                .isEqualTo(GroupClient.bytes("p0"));
        assertThat(beat(Math.min(4, version), joined)).isEqualTo(Errors.NONE);
        assertThat(describe(Math.min(6, version)).groupState()).isEqualTo("Stable");

        assertThat(leave(Math.min(5, version), joined.memberId())).isEqualTo(Errors.NONE);
        assertThat(describe(Math.min(6, version)).groupState()).isEqualTo("Empty");
    }

    @Test
    void memberThatJoinsRebalancesTheOthers() throws Exception {
        client.find();
        JoinGroupResponseData first = client.join(9, Optional.empty());
        client.syncAsLeader(5, first, "all");

        String secondId = client.sendJoin(9, "", Optional.empty()).get().memberId();
        CompletableFuture<JoinGroupResponseData> second = client.sendJoin(9, secondId,
                Optional.empty());
        assertThat(beat(4, first)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData again = client.sendJoin(9, first.memberId(), Optional.empty()).get();

        assertThat(again.members()).hasSize(2);
        assertThat(again.generationId()).isEqualTo(first.generationId() + 1)
                .isEqualTo(second.get().generationId());
    }

    @Test
    void staticMemberComesBackWithoutRebalance() throws Exception {
        client.find();
        JoinGroupResponseData first = client.join(9, Optional.of("i"));
        client.syncAsLeader(5, first, "p0");

        JoinGroupResponseData back = client.sendJoin(9, "", Optional.of("i")).get();

        assertThat(back.generationId()).isEqualTo(first.generationId());
        assertThat(back.memberId()).isNotEqualTo(first.memberId());
        assertThat(beat(4, first))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void membersSurviveRestart() throws Exception {
        client.find();
        JoinGroupResponseData joined = client.join(9, Optional.empty());
        client.syncAsLeader(5, joined, "p0");

        fixture.restart();
        client.find();

        assertThat(beat(4, joined)).isEqualTo(Errors.NONE);
        DescribedGroup group = describe(6);
        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.members().getFirst().memberAssignment())
                .isEqualTo(GroupClient.bytes("p0"));
    }

    @Test
    void closeAnswersWhoWaits() throws Exception {
        client.find();
        JoinGroupResponseData first = client.join(9, Optional.empty());
        client.syncAsLeader(5, first, "all");
        String secondId = client.sendJoin(9, "", Optional.empty()).get().memberId();
        CompletableFuture<JoinGroupResponseData> waiting = client.sendJoin(9, secondId,
                Optional.empty());
        assertThat(beat(4, first)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);

        fixture.groups().close();

        assertThat(Errors.forCode(waiting.get().errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(client.find()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void groupsAreListedByStateAndType() throws Exception {
        client.find();
        JoinGroupResponseData joined = client.join(9, Optional.empty());
        client.syncAsLeader(5, joined, "p0");

        assertThat(client.list(List.of(), List.of())).containsExactly("g");
        assertThat(client.list(List.of("Stable"), List.of("classic"))).containsExactly("g");
        assertThat(client.list(List.of("Empty"), List.of())).isEmpty();
        assertThat(client.list(List.of(), List.of("consumer"))).isEmpty();
    }

    @Test
    void unknownGroupIsDescribedAsItsVersionSays() throws Exception {
        client.find();

        assertThat(describe(5).groupState()).isEqualTo("Dead");
        assertThat(describe(5).errorCode()).isZero();
        assertThat(describe(6).errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    private Errors beat(int version, JoinGroupResponseData joined) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.HEARTBEAT, version,
                new HeartbeatRequestData().setGroupId("g").setMemberId(joined.memberId())
                        .setGenerationId(joined.generationId()),
                HeartbeatResponseData.class).errorCode());
    }

    private Errors leave(int version, String memberId) throws Exception {
        LeaveGroupRequestData leave = new LeaveGroupRequestData().setGroupId("g");
        if (version < 3) {
            leave.setMemberId(memberId);
        } else {
            leave.setMembers(List.of(new MemberIdentity().setMemberId(memberId)));
        }
        LeaveGroupResponseData response = fixture.ask(ApiKeys.LEAVE_GROUP, version, leave,
                LeaveGroupResponseData.class);
        return Errors.forCode(version < 3
                ? response.errorCode()
                : response.members().getFirst().errorCode());
    }

    private DescribedGroup describe(int version) throws Exception {
        return fixture.ask(ApiKeys.DESCRIBE_GROUPS, version,
                new DescribeGroupsRequestData().setGroups(List.of("g"))
                        .setIncludeAuthorizedOperations(version >= 3),
                DescribeGroupsResponseData.class).groups().getFirst();
    }
}
