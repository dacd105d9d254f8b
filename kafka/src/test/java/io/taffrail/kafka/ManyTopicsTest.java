package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.cluster.MetadataHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests for more topics and partitions than one request, or the broker, may have. */
class ManyTopicsTest {

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client = new RawClient(fixture.head.address().getPort());

    ManyTopicsTest() throws IOException {}

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    private List<Errors> create(int... partitions) throws IOException {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
        for (int i = 0; i < partitions.length; i++) {
            request.topics().add(new CreatableTopic().setName("topic-" + i)
                    .setNumPartitions(partitions[i]).setReplicationFactor((short) 1));
        }
        return client.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class)
                .topics().stream().map(topic -> Errors.forCode(topic.errorCode())).toList();
    }

    private Errors grow(int count) throws IOException {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics().add(new CreatePartitionsTopic().setName("t").setCount(count)
                .setAssignments(null));
        return Errors.forCode(client.call(ApiKeys.CREATE_PARTITIONS, 3, request,
                CreatePartitionsResponseData.class).results().getFirst().errorCode());
    }

    @Test
    void partitionsWhoseSumOverflowsAreRefused() throws IOException {
        assertThat(create(Integer.MAX_VALUE, Integer.MAX_VALUE))
                .containsExactly(Errors.POLICY_VIOLATION, Errors.POLICY_VIOLATION);
        assertThat(create(10_001)).containsExactly(Errors.POLICY_VIOLATION);
        assertThat(create(3, -1)).containsExactly(Errors.NONE, Errors.NONE);
    }

    @Test
    void topicsGrowByAsMuchAsOneRequestMayAsk() throws IOException {
        fixture.broker.topics().create(NewTopic.of("t", 2, Map.of())).join();
        assertThat(grow(Integer.MAX_VALUE)).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(grow(10_003)).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(grow(Integer.MIN_VALUE)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(grow(3)).isEqualTo(Errors.NONE);
        // The catalog refuses a count that overflows, independent of the request.
        assertThat(fixture.broker.topics().checkPartitions("t", Integer.MAX_VALUE)).isPresent();
    }

    @Test
    void oneRequestForMetadataCreatesSomeOfManyTopics() throws IOException {
        int asked = 1000 + 50;
        MetadataRequestData request = new MetadataRequestData().setTopics(IntStream
                .range(0, asked).mapToObj(i -> new MetadataRequestTopic().setName("topic-" + i))
                .toList());
        assertThat(missing(request)).isEqualTo(50);
        assertThat(missing(request)).isZero();
    }

    @Test
    void topicsOfManyPartitionsTakeLongAlsoByName() {
        fixture.broker.topics().create(NewTopic.of("wide", 2001, Map.of())).join();
        fixture.broker.topics().create(NewTopic.of("narrow", 1, Map.of())).join();
        assertThat(takesLong("wide")).isTrue();
        assertThat(takesLong("narrow", "missing")).isFalse();
    }

    private boolean takesLong(String... names) {
        MetadataRequestData body = new MetadataRequestData().setTopics(Stream.of(names)
                .map(name -> new MetadataRequestTopic().setName(name)).toList());
        RequestContext context = new RequestContext(
                new RequestHeader(ApiKeys.METADATA, (short) 9, "test", 1), "1",
                InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
                SecurityProtocol.PLAINTEXT, ClientInformation.EMPTY, false);
        return new MetadataHandler(fixture.broker, _ -> Node.noNode())
                .takesLong(new Request<>(context, body));
    }

    @Test
    void aPageMayBeginBehindTheLastPartition() throws IOException {
        fixture.broker.topics().create(NewTopic.of("t", 2, Map.of())).join();
        DescribeTopicPartitionsResponseData page = client.call(ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                0, new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new TopicRequest().setName("t")))
                        .setResponsePartitionLimit(10)
                        .setCursor(new Cursor().setTopicName("t")
                                .setPartitionIndex(Integer.MAX_VALUE)),
                DescribeTopicPartitionsResponseData.class);
        assertThat(page.topics().find("t").errorCode()).isZero();
        assertThat(page.topics().find("t").partitions()).isEmpty();
    }

    private long missing(MetadataRequestData request) throws IOException {
        return client.call(ApiKeys.METADATA, 9, request, MetadataResponseData.class).topics()
                .stream()
                .filter(topic -> topic.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                .count();
    }
}
