package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FindCoordinatorTest {

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("offsets.topic.num.partitions", "4"));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothingIsKeptBeforeSomebodyAsks() throws Exception {
        assertThat(new GroupClient(fixture, "g").list(List.of(), List.of())).isEmpty();
        assertThat(fixture.broker().topics().find("__consumer_offsets")).isEmpty();

        new GroupClient(fixture, "g").find();

        assertThat(fixture.broker().topics().find("__consumer_offsets")).hasValueSatisfying(
                topic -> {
                    assertThat(topic.internal()).isTrue();
                    assertThat(topic.partitions()).hasSize(4);
                    assertThat(topic.config().overrides()).containsEntry("cleanup.policy",
                            "compact");
                });
    }

    @Test
    void topicThatWasDeletedIsMadeAnewAndEmpty() throws Exception {
        Uuid id = fixture.topic("t", 1);
        GroupClient client = new GroupClient(fixture, "g");
        client.find();
        client.commit(10, id, "t", 0, 5);

        fixture.broker().topics().delete("__consumer_offsets").join();
        while (client.commit(10, id, "u", 0, 6) != Errors.NONE
                || fixture.broker().topics().find("__consumer_offsets").isEmpty()) {
            Thread.onSpinWait();
        }

        assertThat(client.find()).isEqualTo(Errors.NONE);
        assertThat(client.fetch(10, id, "t", 0)).isEqualTo(6);
    }

    @Test
    void everyVersionNamesThisNode() throws Exception {
        for (int version = 0; version <= 3; version++) {
            FindCoordinatorResponseData response = fixture.ask(ApiKeys.FIND_COORDINATOR, version,
                    new FindCoordinatorRequestData().setKey("g"),
                    FindCoordinatorResponseData.class);
            assertThat(response.errorCode()).isZero();
            assertThat(response.host()).isEqualTo(GroupsFixture.SELF.host());
            assertThat(response.port()).isEqualTo(GroupsFixture.SELF.port());
        }
        for (int version = 4; version <= 6; version++) {
            FindCoordinatorResponseData response = fixture.ask(ApiKeys.FIND_COORDINATOR, version,
                    new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g", "h")),
                    FindCoordinatorResponseData.class);
            assertThat(response.coordinators()).extracting(Coordinator::key)
                    .containsExactly("g", "h");
            assertThat(response.coordinators()).extracting(Coordinator::nodeId)
                    .containsOnly(GroupsFixture.SELF.id());
        }
    }

    @Test
    void transactionsAreAskedForHere() throws Exception {
        Coordinator answer = ask((byte) 1);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.nodeId()).isEqualTo(GroupsFixture.SELF.id());
        assertThat(answer.port()).isEqualTo(GroupsFixture.SELF.port());
        assertThat(fixture.broker().topics().all()).isEmpty();
    }

    @Test
    void coordinatorOfShareGroupsIsRefused() throws Exception {
        Coordinator answer = ask((byte) 2);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(answer.errorMessage()).isNotBlank();
    }

    private Coordinator ask(byte type) throws Exception {
        return fixture.ask(ApiKeys.FIND_COORDINATOR, 6,
                new FindCoordinatorRequestData().setKeyType(type)
                        .setCoordinatorKeys(List.of("x")),
                FindCoordinatorResponseData.class).coordinators().getFirst();
    }
}
