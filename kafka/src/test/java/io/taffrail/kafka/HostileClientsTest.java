package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that exhaust the broker's limits, each next to a client that works normally. */
class HostileClientsTest {

    private static final int BUDGET_BYTES = 8 << 20;
    private static final int SHARE_BYTES = 1 << 20;
    private static final int STALLED_MS = 300;
    private static final int PRODUCE = 9;
    private static final int FETCH = 4;
    private static final int SMALL_RECEIVE_BUFFER = 4096;

    private final MemoryBudget memory = new MemoryBudget(BUDGET_BYTES, SHARE_BYTES, STALLED_MS);
    private final HeadFixture fixture = new HeadFixture(
            new MemoryLogEngine(InstantSource.system()), BrokerConfig.defaults(),
            KafkaConfig.defaults(), memory);
    private final List<RawClient> clients = new ArrayList<>();

    HostileClientsTest() {
        create("t", 1, Map.of());
    }

    @AfterEach
    void everythingIsGivenBack() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        long deadline = System.nanoTime() + HeadFixture.PATIENCE.toNanos();
        while (memory.chargedBytes() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        long left = memory.chargedBytes();
        fixture.close();
        assertThat(left).isZero();
        assertThat(memory.isShort()).isFalse();
    }

    @Test
    void anAnnouncedSizeTakesNothing() throws IOException {
        for (int i = 0; i < 100; i++) {
            connect().bytes(ByteBuffer.allocate(4).putInt(100 << 20).array());
        }
        work();
        assertThat(memory.chargedBytes()).isZero();
    }

    @Test
    void halfSentRequestsMakeNobodyWaitForLong() throws IOException {
        byte[] half = ByteBuffer.allocate(4 + 900_000).putInt(1_000_000).array();
        for (int i = 0; i < 12; i++) {
            RawClient attacker = connect();
            Thread.startVirtualThread(() -> send(attacker, half));
        }
        awaitShortage(true);

        // A small request fits the connection's floor; a larger one waits until the stalled clients
        // are closed.
        ping(connect());
        work();
        awaitShortage(false);
    }

    @Test
    void oneRequestMayBeLargerThanTheBudget() throws IOException {
        create("large", 1, Map.of("max.message.bytes", Integer.toString(32 << 20)));
        RawClient client = connect();
        assertThat(produce(client, "large", random(3 * BUDGET_BYTES)).errorCode()).isZero();
    }

    @Test
    void largeRequestsOfManyAllComplete() throws Exception {
        create("large", 1, Map.of("max.message.bytes", Integer.toString(32 << 20)));
        MemoryRecords records = random(5 << 20);
        List<Thread> threads = new ArrayList<>();
        List<Short> errors = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            RawClient client = connect();
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    errors.add(produce(client, "large", records).errorCode());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(errors).hasSize(8).containsOnly((short) 0);
    }

    @Test
    void answersThatNobodyReadsStayWithinTheBudget() throws IOException {
        int partitions = 400;
        create("wide", partitions, Map.of());
        RawClient producer = connect();
        for (int i = 0; i < partitions; i++) {
            produce(producer, "wide", i, random(15_000));
        }
        FetchRequestData fetch = fetch("wide", IntStream.range(0, partitions).toArray());
        for (int i = 0; i < 8; i++) {
            RawClient reader = new RawClient(fixture.head.address().getPort(),
                    SMALL_RECEIVE_BUFFER);
            clients.add(reader);
            reader.send(ApiKeys.FETCH, FETCH, fetch);
        }
        work();
        assertThat(memory.chargedBytes()).isLessThanOrEqualTo(BUDGET_BYTES + 2L * SHARE_BYTES);
    }

    @Test
    void anAnswerMayWaitForItsReaderWhileNobodyElseDoes() throws Exception {
        int partitions = 200;
        create("wide", partitions, Map.of());
        RawClient producer = connect();
        for (int i = 0; i < partitions; i++) {
            produce(producer, "wide", i, random(15_000));
        }
        RawClient reader = new RawClient(fixture.head.address().getPort(), SMALL_RECEIVE_BUFFER);
        clients.add(reader);
        reader.send(ApiKeys.FETCH, FETCH,
                fetch("wide", IntStream.range(0, partitions).toArray()));
        long until = System.nanoTime() + 3 * STALLED_MS * 1_000_000L;
        while (System.nanoTime() < until) {
            work();
        }

        FetchResponseData answer = reader.receive(ApiKeys.FETCH, FETCH, FetchResponseData.class);

        assertThat(answer.responses().getFirst().partitions()).hasSize(partitions)
                .allMatch(partition -> partition.records().sizeInBytes() > 15_000);
    }

    @Test
    void aPartitionIsFetchedOnce() throws IOException {
        RawClient client = connect();
        produce(client, "t", random(10_000));
        FetchResponseData answer = client.call(ApiKeys.FETCH, FETCH, fetch("t", new int[1000]),
                FetchResponseData.class);
        assertThat(answer.responses().getFirst().partitions()).hasSize(1);
    }

    @Test
    void aSmallBatchThatBecomesLargeIsRefused() throws IOException {
        RawClient client = connect();
        PartitionProduceResponse refused = produce(client, "t", zeros(64 << 20));
        assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(refused.errorMessage()).contains("bytes decompressed");
        work(client);
    }

    @Test
    void aBatchIsNotDecompressedBeyondWhatItsTopicStoresPlain() throws IOException {
        create("plain", 2, Map.of("compression.type", "uncompressed"));
        RawClient client = connect();
        assertThat(Errors.forCode(produce(client, "plain", zeros(2 << 20)).errorCode()))
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(produce(client, "plain", zeros(500_000)).errorCode()).isZero();
        work(client);
    }

    @Test
    void orderIsKeptWhereOneBatchTakesLongerThanTheNext() throws IOException {
        RawClient client = connect();
        byte[] slow = client.frame(ApiKeys.PRODUCE, PRODUCE, request("t", 0, zeros(3 << 20)));
        byte[] quick = client.frame(ApiKeys.PRODUCE, PRODUCE, request("t", 0, random(10)));
        client.bytes(RawClient.join(slow, quick, slow, quick));
        for (int offset = 0; offset < 4; offset++) {
            PartitionProduceResponse stored = only(client.receive(ApiKeys.PRODUCE, PRODUCE,
                    ProduceResponseData.class));
            assertThat(stored.errorCode()).isZero();
            assertThat(stored.baseOffset()).isEqualTo(offset);
        }
    }

    @Test
    void aRequestOfTooManyFieldsClosesItsConnectionAlone() throws IOException {
        RawClient other = connect();
        RawClient client = connect();
        MetadataRequestData names = new MetadataRequestData();
        List<MetadataRequestTopic> topics = new ArrayList<>();
        for (int i = 0; i < 600_000; i++) {
            topics.add(new MetadataRequestTopic().setName(""));
        }
        client.send(ApiKeys.METADATA, 4, names.setTopics(topics));
        assertThat(client.isClosedByPeer()).isTrue();
        work(other);
    }

    @Test
    void anArrayThatClaimsMoreThanThereIsTakesNoRoom() throws IOException {
        RawClient client = connect();
        byte[] frame = client.frame(ApiKeys.METADATA, 4, new MetadataRequestData()
                .setTopics(List.of()));
        byte[] large = Arrays.copyOf(frame, 4 << 20);
        ByteBuffer.wrap(large).putInt(0, large.length - 4).putInt(frame.length - 5, 3 << 20);
        client.bytes(large);
        assertThat(client.isClosedByPeer()).isTrue();
        work();
    }

    @Test
    void aConnectionThatSendsNoRequestIsClosed() throws Exception {
        try (HeadFixture brief = new HeadFixture(BrokerConfig.defaults(),
                KafkaConfig.defaults().withFirstRequestTimeoutMs(100));
                RawClient silent = new RawClient(brief.head.address().getPort());
                RawClient working = new RawClient(brief.head.address().getPort())) {
            ping(working);
            assertThat(silent.isClosedByPeer()).isTrue();
            ping(working);
        }
    }

    /** Runs the requests of an ordinary client on a new connection. */
    private void work() throws IOException {
        work(connect());
    }

    private void work(RawClient client) throws IOException {
        ping(client);
        assertThat(produce(client, "t", random(200_000)).errorCode()).isZero();
        client.call(ApiKeys.FETCH, FETCH, fetch("t", 0), FetchResponseData.class);
    }

    private static void ping(RawClient client) throws IOException {
        assertThat(client.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData(),
                ApiVersionsResponseData.class).errorCode()).isZero();
    }

    private void awaitShortage(boolean shortage) {
        long deadline = System.nanoTime() + HeadFixture.PATIENCE.toNanos();
        while (memory.isShort() != shortage) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void send(RawClient client, byte[] bytes) {
        try {
            client.bytes(bytes);
        } catch (IOException e) {
            // The broker has closed the connection, as expected.
        }
    }

    private RawClient connect() throws IOException {
        RawClient client = new RawClient(fixture.head.address().getPort());
        clients.add(client);
        return client;
    }

    private void create(String topic, int partitions, Map<String, String> settings) {
        fixture.broker.topics().create(NewTopic.of(topic, partitions, settings)).join();
    }

    private static MemoryRecords random(int bytes) {
        byte[] value = new byte[bytes];
        new Random(bytes).nextBytes(value);
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value));
    }

    private static MemoryRecords zeros(int bytes) {
        return MemoryRecords.withRecords(Compression.gzip().build(),
                new SimpleRecord(new byte[bytes]));
    }

    private static FetchRequestData fetch(String topic, int... partitions) {
        return new FetchRequestData().setMaxBytes(Integer.MAX_VALUE).setTopics(List.of(
                new FetchTopic().setTopic(topic).setPartitions(IntStream.of(partitions)
                        .mapToObj(partition -> new FetchPartition().setPartition(partition)
                                .setPartitionMaxBytes(1 << 20))
                        .toList())));
    }

    private static PartitionProduceResponse produce(RawClient client, String topic,
            MemoryRecords records) throws IOException {
        return produce(client, topic, 0, records);
    }

    private static PartitionProduceResponse produce(RawClient client, String topic, int partition,
            MemoryRecords records) throws IOException {
        return only(client.call(ApiKeys.PRODUCE, PRODUCE, request(topic, partition, records),
                ProduceResponseData.class));
    }

    private static PartitionProduceResponse only(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    private static ProduceRequestData request(String topic, int partition,
            MemoryRecords records) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1)
                .setTimeoutMs(30_000);
        data.topicData().add(new TopicProduceData().setName(topic).setPartitionData(List.of(
                new PartitionProduceData().setIndex(partition).setRecords(records))));
        return data;
    }
}
