package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.api.TopicIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every version of every request gets a response of the same version, both for existing and for
 * missing resources. A field that a version lacks must not be set.
 */
class AllVersionsTest {

    private static final String THERE = "there";
    private static final String MISSING = "missing";

    private final HeadFixture fixture = new HeadFixture();
    private final Uuid id = topicId();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private Uuid topicId() {
        var _ = fixture.broker.topics().create(NewTopic.of(THERE, 2, Map.of())).join();
        return fixture.broker.topics().find(THERE).map(Topic::id).map(TopicIds::toKafka)
                .orElseThrow();
    }

    @Test
    void everyVersionIsAnswered() throws Exception {
        List<String> failed = new ArrayList<>();
        for (ApiKeys key : ApiKeys.values()) {
            if (requests(key, key.latestVersion()).isEmpty()) {
                continue;
            }
            for (short version = key.oldestVersion(); version <= key
                    .latestVersion(); version++) {
                for (ApiMessage request : requests(key, version)) {
                    check(key, version, request, failed);
                }
            }
        }
        assertThat(failed).isEmpty();
    }

    private void check(ApiKeys key, short version, ApiMessage request, List<String> failed) {
        try (RawClient client = new RawClient(fixture.head.address().getPort())) {
            var _ = client.call(key, version, request, ApiMessage.class);
        } catch (Exception e) {
            failed.add(key + " version " + version + ": " + request + ": " + e);
        }
    }

    private List<? extends ApiMessage> requests(ApiKeys key, short version) {
        return switch (key) {
            case API_VERSIONS -> List.of(new ApiVersionsRequestData()
                    .setClientSoftwareName(version >= 3 ? "test" : "")
                    .setClientSoftwareVersion(version >= 3 ? "1" : ""));
            case METADATA -> metadata(version);
            case PRODUCE -> List.of(produce(version, 0), produce(version, 9));
            case FETCH -> List.of(fetch(version, 0, 0, -1), fetch(version, 9, 0, -1),
                    fetch(version, 0, 99, -1), fetch(version, 0, 0, 77));
            case LIST_OFFSETS -> listOffsets(version);
            case CREATE_TOPICS -> List.of(create("v" + version, 1), create("bad name", 1),
                    create("none" + version, 0));
            case DELETE_TOPICS -> List.of(delete(version, "v" + version),
                    delete(version, MISSING));
            case CREATE_PARTITIONS -> List.of(grow(THERE, 1), grow(MISSING, 2));
            case DESCRIBE_CONFIGS -> List.of(describe((byte) 2, THERE), describe((byte) 2, MISSING),
                    describe((byte) 4, "1"), describe((byte) 16, "x"));
            case ALTER_CONFIGS -> List.of(alter(THERE), alter(MISSING));
            case INCREMENTAL_ALTER_CONFIGS -> List.of(increment(THERE), increment(MISSING));
            case LIST_CONFIG_RESOURCES -> List.of(new ListConfigResourcesRequestData());
            case DELETE_RECORDS -> List.of(deleteRecords(0), deleteRecords(9));
            case OFFSET_FOR_LEADER_EPOCH -> List.of(epoch(0, 0), epoch(0, 50), epoch(9, 0));
            case INIT_PRODUCER_ID -> List.of(
                    new InitProducerIdRequestData().setTransactionalId(null),
                    new InitProducerIdRequestData().setTransactionalId("x"));
            case ADD_PARTITIONS_TO_TXN -> List.of(version < 4
                    ? new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId("x")
                    : new AddPartitionsToTxnRequestData());
            case ADD_OFFSETS_TO_TXN -> List.of(new AddOffsetsToTxnRequestData()
                    .setTransactionalId("x").setGroupId("g"));
            case END_TXN -> List.of(new EndTxnRequestData().setTransactionalId("x"));
            case TXN_OFFSET_COMMIT -> List.of(
                    new TxnOffsetCommitRequestData().setTransactionalId("x").setGroupId("g"));
            case DESCRIBE_PRODUCERS -> List.of(describeProducers(0), describeProducers(9));
            case DESCRIBE_CLUSTER -> List.of(new DescribeClusterRequestData(),
                    version >= 1
                            ? new DescribeClusterRequestData().setEndpointType((byte) 2)
                            : new DescribeClusterRequestData()
                                    .setIncludeClusterAuthorizedOperations(true));
            case DESCRIBE_TOPIC_PARTITIONS -> describeTopicPartitions();
            case DESCRIBE_LOG_DIRS -> List.of(new DescribeLogDirsRequestData().setTopics(null));
            case DESCRIBE_QUORUM -> List.of(quorum("__cluster_metadata"), quorum(THERE));
            case DESCRIBE_CLIENT_QUOTAS -> List.of(new DescribeClientQuotasRequestData());
            case ELECT_LEADERS -> List.of(new ElectLeadersRequestData().setTopicPartitions(null),
                    elect());
            case ALTER_PARTITION_REASSIGNMENTS -> List.of(reassign(List.of(1)),
                    reassign(List.of(2)), reassign(null));
            case LIST_PARTITION_REASSIGNMENTS -> List
                    .of(new ListPartitionReassignmentsRequestData().setTopics(null));
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS, SASL_HANDSHAKE, SASL_AUTHENTICATE,
                    DESCRIBE_USER_SCRAM_CREDENTIALS, ALTER_USER_SCRAM_CREDENTIALS,
                    LIST_TRANSACTIONS, DESCRIBE_TRANSACTIONS, WRITE_TXN_MARKERS,
                    CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN,
                    EXPIRE_DELEGATION_TOKEN, DESCRIBE_DELEGATION_TOKEN, UPDATE_FEATURES ->
                List.of(key.messageType.newRequest());
            default -> List.of();
        };
    }

    private List<MetadataRequestData> metadata(short version) {
        List<MetadataRequestData> requests = new ArrayList<>();
        for (String name : List.of(THERE, MISSING, "bad name")) {
            requests.add(new MetadataRequestData()
                    .setAllowAutoTopicCreation(version < 4)
                    .setIncludeTopicAuthorizedOperations(version >= 8)
                    .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10)
                    .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic()
                            .setName(name))));
        }
        if (version >= 1) {
            requests.add(new MetadataRequestData().setTopics(null));
        }
        if (version >= 12) {
            for (Uuid wanted : List.of(id, new Uuid(5, 5))) {
                requests.add(new MetadataRequestData().setTopics(
                        List.of(new MetadataRequestData.MetadataRequestTopic().setName(null)
                                .setTopicId(wanted))));
            }
        }
        return requests;
    }

    private ProduceRequestData produce(short version, int partition) {
        var topic = new ProduceRequestData.TopicProduceData().setPartitionData(
                List.of(new ProduceRequestData.PartitionProduceData().setIndex(partition)
                        .setRecords(MemoryRecords.EMPTY)));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) 1);
        request.topicData().add(version >= 13 ? topic.setTopicId(id) : topic.setName(THERE));
        return request;
    }

    private FetchRequestData fetch(short version, int partition, long offset, int leaderEpoch) {
        var topic = new FetchRequestData.FetchTopic().setPartitions(
                List.of(new FetchRequestData.FetchPartition().setPartition(partition)
                        .setFetchOffset(offset)
                        .setCurrentLeaderEpoch(version >= 9 ? leaderEpoch : -1)
                        .setLastFetchedEpoch(version >= 12 ? 0 : -1)));
        return new FetchRequestData().setTopics(
                List.of(version >= 13 ? topic.setTopicId(id) : topic.setTopic(THERE)));
    }

    private static List<ListOffsetsRequestData> listOffsets(short version) {
        List<ListOffsetsRequestData> requests = new ArrayList<>();
        List<Long> times = new ArrayList<>(List.of(ListOffsetsRequest.LATEST_TIMESTAMP,
                ListOffsetsRequest.EARLIEST_TIMESTAMP, 5L));
        if (version >= 7) {
            times.add(ListOffsetsRequest.MAX_TIMESTAMP);
        }
        if (version >= 9) {
            times.add(ListOffsetsRequest.LATEST_TIERED_TIMESTAMP);
        }
        for (long time : times) {
            for (int partition : new int[]{0, 9}) {
                requests.add(new ListOffsetsRequestData().setReplicaId(-1).setTopics(
                        List.of(new ListOffsetsRequestData.ListOffsetsTopic().setName(THERE)
                                .setPartitions(List.of(
                                        new ListOffsetsRequestData.ListOffsetsPartition()
                                                .setPartitionIndex(partition)
                                                .setTimestamp(time))))));
            }
        }
        return requests;
    }

    private static CreateTopicsRequestData create(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(new CreateTopicsRequestData.CreatableTopic().setName(name)
                .setNumPartitions(partitions).setReplicationFactor((short) 1));
        return request;
    }

    private static DeleteTopicsRequestData delete(short version, String name) {
        return version >= 6
                ? new DeleteTopicsRequestData().setTopics(List.of(
                        new DeleteTopicsRequestData.DeleteTopicState().setName(name)))
                : new DeleteTopicsRequestData().setTopicNames(List.of(name));
    }

    private static CreatePartitionsRequestData grow(String name, int more) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData()
                .setValidateOnly(true);
        request.topics().add(new CreatePartitionsRequestData.CreatePartitionsTopic().setName(name)
                .setCount(2 + more).setAssignments(null));
        return request;
    }

    private static DescribeConfigsRequestData describe(byte type, String name) {
        return new DescribeConfigsRequestData().setIncludeSynonyms(true)
                .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                        .setResourceType(type).setResourceName(name).setConfigurationKeys(null)));
    }

    private static AlterConfigsRequestData alter(String name) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType((byte) 2).setResourceName(name));
        return request;
    }

    private static IncrementalAlterConfigsRequestData increment(String name) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                .setResourceType((byte) 2).setResourceName(name));
        return request;
    }

    private static DeleteRecordsRequestData deleteRecords(int partition) {
        return new DeleteRecordsRequestData().setTopics(
                List.of(new DeleteRecordsRequestData.DeleteRecordsTopic().setName(THERE)
                        .setPartitions(List.of(
                                new DeleteRecordsRequestData.DeleteRecordsPartition()
                                        .setPartitionIndex(partition).setOffset(-1)))));
    }

    private static OffsetForLeaderEpochRequestData epoch(int partition, int epoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics().add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                .setTopic(THERE).setPartitions(List.of(
                        new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                .setPartition(partition).setLeaderEpoch(epoch))));
        return request;
    }

    private static DescribeProducersRequestData describeProducers(int partition) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new DescribeProducersRequestData.TopicRequest().setName(THERE)
                .setPartitionIndexes(List.of(partition)));
        return request;
    }

    private static List<DescribeTopicPartitionsRequestData> describeTopicPartitions() {
        return List.of(new DescribeTopicPartitionsRequestData(),
                new DescribeTopicPartitionsRequestData().setTopics(
                        List.of(new DescribeTopicPartitionsRequestData.TopicRequest()
                                .setName(MISSING))),
                new DescribeTopicPartitionsRequestData().setCursor(
                        new DescribeTopicPartitionsRequestData.Cursor().setTopicName(THERE)
                                .setPartitionIndex(-1)));
    }

    private static DescribeQuorumRequestData quorum(String topic) {
        return new DescribeQuorumRequestData().setTopics(
                List.of(new DescribeQuorumRequestData.TopicData().setTopicName(topic)
                        .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData()))));
    }

    private static ElectLeadersRequestData elect() {
        ElectLeadersRequestData request = new ElectLeadersRequestData();
        request.topicPartitions().add(new ElectLeadersRequestData.TopicPartitions()
                .setTopic(THERE).setPartitions(List.of(0, 9)));
        return request;
    }

    private static AlterPartitionReassignmentsRequestData reassign(
            @Nullable List<Integer> replicas) {
        return new AlterPartitionReassignmentsRequestData().setTopics(
                List.of(new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                        .setName(THERE).setPartitions(List.of(
                                new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                        .setPartitionIndex(0).setReplicas(replicas)))));
    }
}
