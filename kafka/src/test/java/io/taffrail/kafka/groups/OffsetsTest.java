package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OffsetsTest {

    private static final String UNKNOWN_ID = "AAAAAAAAAAAAAAAAAAAAZA";

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("offsets.retention.check.interval.ms", "20", "offsets.topic.num.partitions",
                    "4"));
    private final GroupClient client = new GroupClient(fixture, "g");

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyVersionCommitsAndFetches() throws Exception {
        Uuid id = fixture.topic("t", 2);
        assertThat(client.find()).isEqualTo(Errors.NONE);

        for (int version = 2; version <= 10; version++) {
            assertThat(client.commit(version, id, "t", 1, version)).isEqualTo(Errors.NONE);
            for (int fetch = 1; fetch <= 10; fetch++) {
                assertThat(client.fetch(fetch, id, "t", 1)).isEqualTo(version);
                assertThat(client.fetch(fetch, id, "t", 0)).isEqualTo(-1);
            }
        }
    }

    @Test
    void whatIsNotThereIsRefusedAlone() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();

        assertThat(client.commit(9, id, "t", 1, 5)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(client.commit(9, id, "u", 0, 5)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(client.commit(10, Uuid.fromString(UNKNOWN_ID), "", 0, 5))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(client.fetchResponse(10, Uuid.fromString(UNKNOWN_ID), "", 0).groups()
                .getFirst().topics().getFirst().partitions().getFirst().errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(client.commit(9, id, "t", 0, 5)).isEqualTo(Errors.NONE);
    }

    @Test
    void allOffsetsOfManyGroupsAreFetchedAtOnce() throws Exception {
        Uuid id = fixture.topic("t", 2);
        client.find();
        client.commit(10, id, "t", 0, 7);
        new GroupClient(fixture, "h").commit(10, id, "t", 1, 8);

        OffsetFetchResponseData response = fixture.ask(ApiKeys.OFFSET_FETCH, 10,
                new OffsetFetchRequestData().setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId("g").setTopics(null),
                        new OffsetFetchRequestGroup().setGroupId("h").setTopics(null))),
                OffsetFetchResponseData.class);

        assertThat(response.groups()).extracting(group -> group.topics().getFirst().topicId())
                .containsExactly(id, id);
        assertThat(response.groups()).extracting(group -> group.topics().getFirst().partitions()
                .getFirst().committedOffset()).containsExactly(7L, 8L);
    }

    @Test
    void surviveRestartAndCrash() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(10, id, "t", 0, 42);

        fixture.restart();
        client.find();
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(42);
        assertThat(client.commit(10, id, "t", 0, 43)).isEqualTo(Errors.NONE);

        fixture.crash();
        client.find();
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(43);
    }

    @Test
    void commitIsAnsweredWhenDurable() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(10, id, "t", 0, 1);

        fixture.engine().holdDurability();
        CompletableFuture<OffsetCommitResponseData> held = client.sendCommit(10, id, "t", 0, 2);
        // This read runs on the shard after the write, and its response does not wait for
        // durability.
        client.list(List.of(), List.of());
        assertThat(held).isNotDone();

        fixture.engine().releaseDurability();
        assertThat(GroupClient.error(held.get())).isEqualTo(Errors.NONE);
    }

    @Test
    void refusedAppendFailsTheCommitAlone() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(10, id, "t", 0, 1);

        fixture.engine().failNextAppend(Refusal.DISK_FULL);

        assertThat(client.commit(10, id, "t", 0, 2)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(1);
        assertThat(client.commit(10, id, "t", 0, 3)).isEqualTo(Errors.NONE);
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(3);
    }

    @Test
    void areDeletedWithTheirTopic() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(9, id, "t", 0, 42);

        fixture.broker().topics().delete("t").join();

        while (client.fetch(9, id, "t", 0) != -1) {
            Thread.onSpinWait();
        }
        assertThat(client.fetch(9, fixture.topic("t", 1), "t", 0)).isEqualTo(-1);
    }

    @Test
    void expireWithTheirGroup() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(10, id, "t", 0, 42);

        fixture.clock.advance(Duration.ofDays(6));
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(42);

        fixture.clock.advance(Duration.ofDays(1).plusMinutes(1));
        while (client.fetch(10, id, "t", 0) != -1) {
            Thread.onSpinWait();
        }
        while (!client.list(List.of(), List.of()).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void areDeletedOneByOne() throws Exception {
        Uuid id = fixture.topic("t", 2);
        client.find();
        client.commit(10, id, "t", 0, 42);
        client.commit(10, id, "t", 1, 43);

        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic().setName("t")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0),
                        new OffsetDeleteRequestPartition().setPartitionIndex(9))));
        topics.add(new OffsetDeleteRequestTopic().setName("u")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        OffsetDeleteResponseData response = fixture.ask(ApiKeys.OFFSET_DELETE, 0,
                new OffsetDeleteRequestData().setGroupId("g").setTopics(topics),
                OffsetDeleteResponseData.class);

        assertThat(response.topics().find("t").partitions().find(0).errorCode()).isZero();
        assertThat(response.topics().find("t").partitions().find(9).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(response.topics().find("u").partitions().find(0).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(-1);
        assertThat(client.fetch(10, id, "t", 1)).isEqualTo(43);
    }

    @Test
    void groupIsLookedAtEvenWhereNoTopicIsThere() throws Exception {
        client.find();
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic().setName("none")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));

        OffsetDeleteResponseData response = fixture.ask(ApiKeys.OFFSET_DELETE, 0,
                new OffsetDeleteRequestData().setGroupId("").setTopics(topics),
                OffsetDeleteResponseData.class);

        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_GROUP_ID.code());
        assertThat(response.topics()).isEmpty();
    }

    @Test
    void areDeletedWithTheGroup() throws Exception {
        Uuid id = fixture.topic("t", 1);
        client.find();
        client.commit(10, id, "t", 0, 42);

        DeleteGroupsResponseData response = fixture.ask(ApiKeys.DELETE_GROUPS, 2,
                new DeleteGroupsRequestData().setGroupsNames(List.of("g", "none")),
                DeleteGroupsResponseData.class);

        assertThat(response.results().find("g").errorCode()).isZero();
        assertThat(response.results().find("none").errorCode())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(-1);
        fixture.restart();
        assertThat(client.list(List.of(), List.of())).isEmpty();
    }
}
