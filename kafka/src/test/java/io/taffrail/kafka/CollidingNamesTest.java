package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose names have equal hashes are answered in less than quadratic time. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
class CollidingNamesTest {

    private static final int BITS = 16;
    private static final int MANY = 1 << BITS;

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client = new RawClient(fixture.head.address().getPort());
    private final List<String> names = IntStream.range(0, MANY)
            .mapToObj(CollidingNamesTest::name).toList();

    CollidingNamesTest() throws IOException {}

    /**
     * "Aa" and "BB" have equal hashes, and so have all strings of the same length built from them.
     */
    private static String name(int index) {
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < BITS; bit++) {
            name.append((index >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    /** The hash of an id is the exclusive or of its two halves, so these ids have equal hashes. */
    private static List<Uuid> ids(int count) {
        return IntStream.range(1, count + 1).mapToObj(half -> new Uuid(half, half)).toList();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    @Test
    void metadataByName() throws IOException {
        assertThat(names).extracting(String::hashCode).containsOnly(names.getFirst().hashCode());
        client.send(ApiKeys.METADATA, 9,
                new MetadataRequestData().setAllowAutoTopicCreation(false).setTopics(names.stream()
                        .map(name -> new MetadataRequestTopic().setName(name)).toList()));
        assertThat(client.receiveFrame().remaining()).isGreaterThan(MANY * 2 * BITS);
    }

    @Test
    void metadataById() throws IOException {
        client.send(ApiKeys.METADATA, 12,
                new MetadataRequestData().setTopics(ids(MANY).stream()
                        .map(id -> new MetadataRequestTopic().setName(null).setTopicId(id))
                        .toList()));
        assertThat(client.receiveFrame().remaining()).isGreaterThan(MANY * 16);
    }

    @Test
    void deletionOfTopicsById() throws IOException {
        client.send(ApiKeys.DELETE_TOPICS, 6, new DeleteTopicsRequestData().setTopics(
                ids(MANY).stream().map(id -> new DeleteTopicState().setName(null).setTopicId(id))
                        .toList()));
        assertThat(client.receiveFrame().remaining()).isGreaterThan(MANY * 16);
    }

    @Test
    void fewTopicsDeletedByIdAreAllAnswered() throws IOException {
        DeleteTopicsResponseData answer = client.call(ApiKeys.DELETE_TOPICS, 6,
                new DeleteTopicsRequestData().setTopics(ids(500).stream()
                        .map(id -> new DeleteTopicState().setName(null).setTopicId(id)).toList()),
                DeleteTopicsResponseData.class);
        assertThat(answer.responses()).hasSize(500);
    }

    @Test
    void descriptionsOfTopics() throws IOException {
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                .setTopics(names.stream().map(name -> new TopicRequest().setName(name)).toList());
        client.send(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request);
        assertThat(client.receiveFrame().remaining()).isGreaterThan(MANY * 2 * BITS);
    }

    @Test
    void descriptionsOfSettings() throws IOException {
        DescribeConfigsResponseData answer = client.call(ApiKeys.DESCRIBE_CONFIGS, 4,
                new DescribeConfigsRequestData().setResources(names.stream()
                        .map(name -> new DescribeConfigsResource().setResourceType((byte) 2)
                                .setResourceName(name).setConfigurationKeys(null))
                        .toList()),
                DescribeConfigsResponseData.class);
        assertThat(answer.results()).hasSize(MANY);
    }

    @Test
    void fetchesAndOffsets() throws IOException {
        List<FetchTopic> fetched = new ArrayList<>();
        List<ListOffsetsTopic> listed = new ArrayList<>();
        names.subList(0, MANY / 2).forEach(name -> {
            fetched.add(new FetchTopic().setTopic(name)
                    .setPartitions(List.of(new FetchPartition())));
            listed.add(new ListOffsetsTopic().setName(name)
                    .setPartitions(List.of(new ListOffsetsPartition().setTimestamp(-1))));
        });
        FetchResponseData records = client.call(ApiKeys.FETCH, 4,
                new FetchRequestData().setTopics(fetched), FetchResponseData.class);
        assertThat(records.responses()).hasSize(MANY / 2);
        ListOffsetsResponseData offsets = client.call(ApiKeys.LIST_OFFSETS, 5,
                new ListOffsetsRequestData().setTopics(listed), ListOffsetsResponseData.class);
        assertThat(offsets.topics()).hasSize(MANY / 2);
    }
}
