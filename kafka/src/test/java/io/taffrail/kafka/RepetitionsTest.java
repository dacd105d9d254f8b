package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that name the same resource many times are refused, or processed as if it were named
 * once.
 */
class RepetitionsTest {

    private static final byte TOPIC = 2;

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client = new RawClient(fixture.head.address().getPort());

    RepetitionsTest() throws IOException {
        fixture.broker.topics().create(NewTopic.of("t", 3, Map.of())).join();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    @Test
    void metadataTellsATopicOnce() throws IOException {
        MetadataResponseData answer = client.call(ApiKeys.METADATA, 4,
                new MetadataRequestData().setTopics(Collections.nCopies(20_000,
                        new MetadataRequestTopic().setName("t"))),
                MetadataResponseData.class);
        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().iterator().next().partitions()).hasSize(3);
    }

    @Test
    void listOffsetsRefusesAPartitionNamedTwice() throws IOException {
        ListOffsetsResponseData answer = client.call(ApiKeys.LIST_OFFSETS, 5,
                new ListOffsetsRequestData().setTopics(List.of(new ListOffsetsTopic().setName("t")
                        .setPartitions(List.of(last(0), last(1), last(0))))),
                ListOffsetsResponseData.class);
        assertThat(answer.topics().getFirst().partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.INVALID_REQUEST, Errors.NONE, Errors.INVALID_REQUEST);
    }

    private static ListOffsetsPartition last(int partition) {
        return new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(-1);
    }

    @Test
    void markersAreWrittenOnceToAPartition() throws IOException {
        WriteTxnMarkersResponseData answer = client.call(ApiKeys.WRITE_TXN_MARKERS, 1,
                new WriteTxnMarkersRequestData().setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(1).setTopics(List.of(new WritableTxnMarkerTopic()
                                .setName("t").setPartitionIndexes(List.of(0, 1, 0, 0)))))),
                WriteTxnMarkersResponseData.class);
        assertThat(answer.markers().getFirst().topics().getFirst().partitions())
                .extracting("partitionIndex").containsExactly(0, 1);
    }

    @Test
    void alterationsOfAResourceNamedTwiceAreRefused() throws IOException {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(set("t", "retention.ms"));
        request.resources().add(set("t", "retention.ms"));
        request.resources().add(set("t", "segment.ms"));
        IncrementalAlterConfigsResponseData answer = client.call(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request,
                IncrementalAlterConfigsResponseData.class);
        assertThat(answer.responses()).hasSize(3).allSatisfy(response -> {
            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(response.errorMessage())
                    .isEqualTo("Each resource must appear at most once.");
        });
    }

    @Test
    void alterationsOfASettingNamedTwiceAreRefused() throws IOException {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(set("t", "retention.ms", "retention.ms"));
        IncrementalAlterConfigsResponseData answer = client.call(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request,
                IncrementalAlterConfigsResponseData.class);
        assertThat(answer.responses().getFirst().errorMessage())
                .isEqualTo("Error due to duplicate config keys");
    }

    @Test
    void replacementsOfAResourceNamedTwiceAreRefused() throws IOException {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(TOPIC).setResourceName("t"));
        request.resources().add(new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(TOPIC).setResourceName("t"));
        AlterConfigsResponseData answer = client.call(ApiKeys.ALTER_CONFIGS, 2, request,
                AlterConfigsResponseData.class);
        assertThat(answer.responses()).hasSize(2).allMatch(
                response -> response.errorCode() == Errors.INVALID_REQUEST.code());
    }

    private static AlterConfigsResource set(String topic, String... names) {
        AlterableConfigCollection settings = new AlterableConfigCollection();
        int value = 1000;
        for (String name : names) {
            settings.add(new AlterableConfig().setName(name).setValue("" + value++)
                    .setConfigOperation((byte) 0));
        }
        return new AlterConfigsResource().setResourceType(TOPIC).setResourceName(topic)
                .setConfigs(settings);
    }

    @Test
    void settingsAreToldOnce() throws IOException {
        DescribeConfigsResponseData answer = client.call(ApiKeys.DESCRIBE_CONFIGS, 4,
                new DescribeConfigsRequestData().setIncludeDocumentation(true)
                        .setResources(Collections.nCopies(5000, new DescribeConfigsResource()
                                .setResourceType(TOPIC).setResourceName("t")
                                .setConfigurationKeys(null))),
                DescribeConfigsResponseData.class);
        assertThat(answer.results()).hasSize(1);
    }

    @Test
    void groupsAreDescribedOnce() throws IOException {
        DescribeGroupsResponseData answer = client.call(ApiKeys.DESCRIBE_GROUPS, 5,
                new DescribeGroupsRequestData().setGroups(Collections.nCopies(1000, "g")),
                DescribeGroupsResponseData.class);
        assertThat(answer.groups()).hasSize(1);
    }

    @Test
    void allOffsetsOfAGroupAreToldOnce() throws IOException {
        OffsetFetchResponseData answer = client.call(ApiKeys.OFFSET_FETCH, 8,
                new OffsetFetchRequestData().setGroups(Collections.nCopies(1000,
                        new OffsetFetchRequestGroup().setGroupId("g").setTopics(null))),
                OffsetFetchResponseData.class);
        assertThat(answer.groups()).hasSize(1);
    }

    @Test
    void producersOfAPartitionAreToldOnce() throws IOException {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        for (int i = 0; i < 10; i++) {
            request.topics().add(new DescribeProducersRequestData.TopicRequest().setName("t")
                    .setPartitionIndexes(List.of(0, 1, 0, 0)));
        }
        DescribeProducersResponseData answer = client.call(ApiKeys.DESCRIBE_PRODUCERS, 0, request,
                DescribeProducersResponseData.class);
        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().getFirst().partitions()).hasSize(2);
    }
}
