package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The consumer protocol (KIP-848). */
@Timeout(60)
class ConsumerProtocolTest {

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("group.consumer.assignment.interval.ms", "0", "offsets.topic.num.partitions",
                    "4"));
    private final GroupClient client = new GroupClient(fixture, "g");

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void memberGetsEveryPartitionItSubscribesTo() throws Exception {
        Uuid id = fixture.topic("t", 3);
        client.find();

        Member member = new Member("m1");
        member.join(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of("t")));
        member.until(id, 3);

        DescribedGroup group = describe();
        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.assignorName()).isEqualTo("uniform");
        assertThat(group.members()).extracting("memberId").containsExactly("m1");
        assertThat(client.list(List.of(), List.of("consumer"))).containsExactly("g");
    }

    @Test
    void patternFollowsNewTopics() throws Exception {
        Uuid id = fixture.topic("orders-1", 1);
        fixture.topic("else", 1);
        client.find();
        Member member = new Member("m1");
        member.join(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of())
                .setSubscribedTopicRegex("orders-.*"));
        member.until(id, 1);

        Uuid second = fixture.topic("orders-2", 2);

        // After a change of metadata the pattern is matched again, at most once in ten seconds.
        while (!member.owns(second, 2)) {
            fixture.clock.advance(Duration.ofSeconds(11));
            member.beat();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{999}){999}){999}", "(a?){1000}(a?){1000}(a?){1000}", "("})
    void patternThatWouldTakeTheMemoryOrTheStackIsRefused(String pattern) throws Exception {
        client.find();

        assertThat(client.beat(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of())
                .setSubscribedTopicRegex(pattern)).errorCode())
                .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
    }

    @Test
    void memberAndEpochSurviveRestart() throws Exception {
        Uuid id = fixture.topic("t", 2);
        client.find();
        Member member = new Member("m1");
        member.join(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of("t"))
                .setServerAssignor("range"));
        member.until(id, 2);
        int epoch = member.epoch;

        fixture.restart();
        client.find();
        ConsumerGroupHeartbeatResponseData response = client.beat(client.heartbeat("m1", epoch));

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.memberEpoch()).isEqualTo(epoch);
        assertThat(describe().assignorName()).isEqualTo("range");
        assertThat(describe().members().getFirst().assignment().topicPartitions()).singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).containsExactly(0, 1));
    }

    @Test
    void memberThatLeavesGivesUpItsPartitions() throws Exception {
        Uuid id = fixture.topic("t", 2);
        client.find();
        Member first = new Member("m1");
        first.join(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of("t")));
        first.until(id, 2);
        Member second = new Member("m2");
        second.join(client.heartbeat("m2", 0).setSubscribedTopicNames(List.of("t")));
        while (!first.owns(id, 1) || !second.owns(id, 1)) {
            first.beat();
            second.beat();
        }

        client.beat(client.heartbeat("m1", -1));

        second.until(id, 2);
    }

    @Test
    void unknownMemberIsFenced() throws Exception {
        fixture.topic("t", 1);
        client.find();
        new Member("m1").join(client.heartbeat("m1", 0).setSubscribedTopicNames(List.of("t")));

        assertThat(Errors.forCode(client.beat(client.heartbeat("m9", 3)).errorCode()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private DescribedGroup describe() throws Exception {
        return fixture.ask(ApiKeys.CONSUMER_GROUP_DESCRIBE, 1,
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g")),
                ConsumerGroupDescribeResponseData.class).groups().getFirst();
    }

    /** A member that takes and revokes partitions as soon as its assignment changes. */
    private final class Member {
        private final String id;
        private final Map<Uuid, TreeSet<Integer>> owned = new HashMap<>();
        private int epoch;

        private Member(String id) {
            this.id = id;
        }

        private void join(ConsumerGroupHeartbeatRequestData first) throws Exception {
            apply(client.beat(first.setRebalanceTimeoutMs(30_000).setTopicPartitions(List.of())));
        }

        private void beat() throws Exception {
            apply(client.beat(client.heartbeat(id, epoch).setTopicPartitions(owned.entrySet()
                    .stream()
                    .map(topic -> new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                            .setTopicId(topic.getKey())
                            .setPartitions(List.copyOf(topic.getValue())))
                    .toList())));
        }

        private void apply(ConsumerGroupHeartbeatResponseData response) {
            assertThat(Errors.forCode(response.errorCode())).as(response.errorMessage())
                    .isEqualTo(Errors.NONE);
            epoch = response.memberEpoch();
            if (response.assignment() != null) {
                owned.clear();
                for (TopicPartitions topic : response.assignment().topicPartitions()) {
                    owned.put(topic.topicId(), new TreeSet<>(topic.partitions()));
                }
            }
        }

        private boolean owns(Uuid topic, int partitions) {
            return owned.getOrDefault(topic, new TreeSet<>()).size() == partitions;
        }

        private void until(Uuid topic, int partitions) throws Exception {
            while (!owns(topic, partitions)) {
                beat();
            }
        }
    }
}
