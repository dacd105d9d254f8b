package io.taffrail.kafka.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.kafka.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ListOffsets requests sent as raw frames. */
class ListOffsetsTest {

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client;

    ListOffsetsTest() throws IOException {
        client = new RawClient(fixture.head.address().getPort());
        var _ = fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).join();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        fixture.close();
    }

    @Test
    void questionsAreRefusedInVersionsOfBeforeThem() throws IOException {
        Map<Long, Integer> since = Map.of(ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
                ListOffsetsRequest.MAX_TIMESTAMP, 7,
                ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
                ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
                ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11, -99L, 99);
        for (Map.Entry<Long, Integer> question : since.entrySet()) {
            for (int version = 1; version <= 11; version++) {
                Errors expected = version < question.getValue()
                        ? Errors.UNSUPPORTED_VERSION
                        : Errors.NONE;
                assertThat(ask(version, question.getKey()).errorCode())
                        .as("%s in version %d", question, version).isEqualTo(expected.code());
            }
        }
    }

    @Test
    void firstAndLastOffsetComeWithTheirEpoch() throws IOException {
        for (long timestamp : new long[]{ListOffsetsRequest.EARLIEST_TIMESTAMP,
            ListOffsetsRequest.LATEST_TIMESTAMP}) {
            assertThat(ask(3, timestamp).leaderEpoch()).isEqualTo(-1);
            assertThat(ask(4, timestamp).leaderEpoch()).isZero();
        }
    }

    private ListOffsetsPartitionResponse ask(int version, long timestamp) throws IOException {
        ListOffsetsRequestData body = new ListOffsetsRequestData().setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(
                        List.of(new ListOffsetsPartition().setTimestamp(timestamp)))));
        return client.send(ApiKeys.LIST_OFFSETS, version, body)
                .receive(ApiKeys.LIST_OFFSETS, version, ListOffsetsResponseData.class).topics()
                .getFirst().partitions().getFirst();
    }
}
