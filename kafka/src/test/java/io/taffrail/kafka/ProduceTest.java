package io.taffrail.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.TopicIds;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.LogSlice.BufferSlice;
import io.taffrail.log.spi.ReadResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce requests sent as raw frames. */
class ProduceTest {

    private static final int COUNT_AT = 57;

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client;

    ProduceTest() throws IOException {
        client = new RawClient(fixture.head.address().getPort());
    }

    @BeforeEach
    void createTopic() {
        create("t", Map.of());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void everyVersionStoresAndTellsTheOffset(int version) throws IOException {
        assertThat(produce(version, "t", records("a", "b")).baseOffset()).isZero();
        PartitionProduceResponse second = produce(version, "t", records("c"));

        assertThat(second.errorCode()).isZero();
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.logAppendTimeMs()).isEqualTo(-1);
    }

    @Test
    void wrongChecksumIsCorrupt() throws IOException {
        MemoryRecords records = records("a");
        records.buffer().put(records.sizeInBytes() - 1, (byte) 99);

        refused(Errors.CORRUPT_MESSAGE, "t", records);
    }

    @Test
    void wrongCountOfRecordsIsInvalid() throws IOException {
        MemoryRecords records = records("a", "b");
        records.buffer().putInt(COUNT_AT, 7);
        checksum(records);

        refused(Errors.INVALID_RECORD, "t", records);
    }

    @Test
    void lyingSizeIsRefused() throws IOException {
        MemoryRecords records = records("a");
        records.buffer().putInt(8, records.sizeInBytes() * 2);

        refused(Errors.CORRUPT_MESSAGE, "t", records);
    }

    @Test
    void twoBatchesAreInvalid() throws IOException {
        ByteBuffer one = records("a").buffer();
        ByteBuffer two = ByteBuffer.allocate(one.remaining() * 2).put(one.duplicate()).put(one)
                .flip();

        refused(Errors.INVALID_RECORD, "t", MemoryRecords.readableRecords(two));
    }

    @Test
    void noBatchIsInvalid() throws IOException {
        refused(Errors.INVALID_RECORD, "t", MemoryRecords.EMPTY);
    }

    @Test
    void oldFormatIsInvalid() throws IOException {
        refused(Errors.INVALID_RECORD, "t", MemoryRecords.withRecords((byte) 1, Compression.NONE,
                new SimpleRecord("k".getBytes(UTF_8), "v".getBytes(UTF_8))));
    }

    @Test
    void batchAboveTheLimitIsTooLarge() throws IOException {
        create("small", Map.of("max.message.bytes", "200"));

        refused(Errors.MESSAGE_TOO_LARGE, "small", records("x".repeat(300)));
        assertThat(produce(13, "small", records("x")).errorCode()).isZero();
    }

    @Test
    void timestampFarAheadIsInvalid() throws IOException {
        long ahead = System.currentTimeMillis() + 7_200_000;
        PartitionProduceResponse answer = refused(Errors.INVALID_TIMESTAMP, "t",
                MemoryRecords.withRecords(Compression.NONE,
                        new SimpleRecord(ahead, "k".getBytes(UTF_8), "v".getBytes(UTF_8))));

        assertThat(answer.errorMessage())
                .isEqualTo("One or more records have been rejected due to invalid timestamp");
        assertThat(answer.recordErrors()).singleElement()
                .satisfies(error -> assertThat(error.batchIndex()).isZero());
    }

    @Test
    void compactedTopicAsksForKeys() throws IOException {
        create("compacted", Map.of("cleanup.policy", "compact"));

        PartitionProduceResponse answer = refused(Errors.INVALID_RECORD, "compacted",
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("k".getBytes(UTF_8),
                        "v".getBytes(UTF_8)), new SimpleRecord("v".getBytes(UTF_8))));

        assertThat(answer.recordErrors()).singleElement()
                .satisfies(error -> assertThat(error.batchIndex()).isEqualTo(1));
    }

    @Test
    void unknownTopicsAreUnknown() throws IOException {
        refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, 12, "nowhere", 0, records("a"));
        refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, 12, "t", 5, records("a"));
        refused(Errors.UNKNOWN_TOPIC_ID, 13, "nowhere", 0, records("a"));
        refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, 13, "t", 5, records("a"));
    }

    @Test
    void transactionalBatchOfNoTransactionIsRefused() throws IOException {
        MemoryRecords batch = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 7L, (short) 0, 0,
                new SimpleRecord("k".getBytes(UTF_8), "v".getBytes(UTF_8)));
        refused(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "t", batch);

        ProduceResponseData answer = client.call(ApiKeys.PRODUCE, 12,
                request(12, "t", 0, batch).setTransactionalId("x"), ProduceResponseData.class);
        assertThat(only(answer).errorCode())
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING.code());
    }

    @Test
    void otherAcksAreInvalid() throws IOException {
        ProduceResponseData answer = client.call(ApiKeys.PRODUCE, 12,
                request(12, "t", 0, records("a")).setAcks((short) 2), ProduceResponseData.class);

        assertThat(only(answer).errorCode()).isEqualTo(Errors.INVALID_REQUIRED_ACKS.code());
    }

    @Test
    void withoutAcksThereIsNoAnswer() throws IOException {
        client.send(ApiKeys.PRODUCE, 12, request(12, "t", 0, records("a")).setAcks((short) 0));

        assertThat(produce(12, "t", records("b")).baseOffset()).isEqualTo(1);
    }

    @Test
    void withoutAcksAnErrorClosesTheConnection() throws IOException {
        client.send(ApiKeys.PRODUCE, 12,
                request(12, "nowhere", 0, records("a")).setAcks((short) 0));

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void repeatedBatchIsAnsweredWithItsFirstOffset() throws IOException {
        assertThat(produce(13, "t", sequenced(5, 0, 0)).baseOffset()).isZero();
        assertThat(produce(13, "t", sequenced(5, 0, 1)).baseOffset()).isEqualTo(1);

        PartitionProduceResponse again = produce(13, "t", sequenced(5, 0, 0));

        assertThat(again.errorCode()).isZero();
        assertThat(again.baseOffset()).isZero();
    }

    @Test
    void gapInTheSequenceIsOutOfOrder() throws IOException {
        produce(13, "t", sequenced(5, 0, 0));

        refused(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, "t", sequenced(5, 0, 7));
    }

    @Test
    void olderProducerEpochIsRefused() throws IOException {
        produce(13, "t", sequenced(5, 3, 0));

        refused(Errors.INVALID_PRODUCER_EPOCH, "t", sequenced(5, 2, 1));
    }

    @Test
    void fullDiskIsAStorageErrorAndPasses() throws IOException {
        fixture.engine.failNextAppend(Refusal.DISK_FULL);

        refused(Errors.KAFKA_STORAGE_ERROR, "t", records("a"));
        assertThat(produce(13, "t", records("a")).errorCode()).isZero();
    }

    @Test
    void brokersTimeIsStampedWhereTheTopicAsks() throws IOException {
        create("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();

        PartitionProduceResponse answer = produce(13, "stamped", MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(5, "k".getBytes(UTF_8), "v".getBytes(UTF_8))));

        assertThat(answer.logAppendTimeMs()).isGreaterThanOrEqualTo(before);
        ConsumerRecord<String, String> read = fixture
                .readAll(new TopicPartition("stamped", 0), 1).getFirst();
        assertThat(read.timestamp()).isEqualTo(answer.logAppendTimeMs());
        assertThat(read.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd", "uncompressed"})
    void batchIsCompressedAsTheTopicAsks(String compression) throws IOException {
        create("packed", Map.of("compression.type", compression));

        assertThat(produce(13, "packed", MemoryRecords.withRecords(
                compression.equals("gzip") ? Compression.NONE : Compression.gzip().build(),
                new SimpleRecord("k1".getBytes(UTF_8), "v".repeat(1000).getBytes(UTF_8)),
                new SimpleRecord("k2".getBytes(UTF_8), "w".repeat(1000).getBytes(UTF_8))))
                .errorCode())
                .isZero();

        List<ConsumerRecord<String, String>> read = fixture
                .readAll(new TopicPartition("packed", 0), 2);
        assertThat(read).extracting(ConsumerRecord::key).containsExactly("k1", "k2");
        assertThat(read.get(1).value()).isEqualTo("w".repeat(1000));
    }

    @Test
    void namesOfHeadersThatAreNoTextAreKeptWhereABatchIsCompressedAnew() throws IOException {
        create("packed", Map.of("compression.type", "zstd"));
        ByteBuffer name = ByteBuffer.wrap(new byte[]{'a', (byte) 0xff, (byte) 0xc3});
        ByteBuffer batch = new BatchBuilder().add(System.currentTimeMillis(), name, name,
                List.of(new RecordView.Header(name, name))).build();

        assertThat(produce(13, "packed", MemoryRecords.readableRecords(batch)).errorCode())
                .isZero();

        ReadResult read = fixture.broker.topics().find("packed").orElseThrow().partition(0)
                .orElseThrow().log().read(0, 1, 1 << 20, true);
        try (LogSlice slice = ((ReadResult.Batches) read).slice();
                RecordWalker records = new RecordWalker(((BufferSlice) slice).buffer(), 0)) {
            assertThat(records.next().headers().getFirst().nameBytes()).isEqualTo(name);
        }
    }

    @Test
    void manyRequestsUnderWayKeepTheirOrder() throws IOException {
        for (int i = 0; i < 300; i++) {
            client.send(ApiKeys.PRODUCE, 12, request(12, "t", 0, records("v" + i)));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(only(client.receive(ApiKeys.PRODUCE, 12, ProduceResponseData.class))
                    .baseOffset()).isEqualTo(i);
        }
    }

    private static MemoryRecords records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(System.currentTimeMillis(), "k".getBytes(UTF_8),
                    values[i].getBytes(UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    private static MemoryRecords sequenced(long producer, int epoch, int sequence) {
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producer, (short) epoch,
                sequence, new SimpleRecord(System.currentTimeMillis(), "k".getBytes(UTF_8),
                        "v".getBytes(UTF_8)));
    }

    /** Recomputes the checksum after a change of the batch. */
    private static void checksum(MemoryRecords records) {
        RecordBatch batch = records.batches().iterator().next();
        CRC32C crc = new CRC32C();
        crc.update(records.buffer().duplicate().position(21).limit(batch.sizeInBytes()));
        records.buffer().putInt(17, (int) crc.getValue());
    }

    private PartitionProduceResponse produce(int version, String topic, MemoryRecords records)
            throws IOException {
        return only(client.call(ApiKeys.PRODUCE, version, request(version, topic, 0, records),
                ProduceResponseData.class));
    }

    private PartitionProduceResponse refused(Errors error, String topic, MemoryRecords records)
            throws IOException {
        return refused(error, 13, topic, 0, records);
    }

    private PartitionProduceResponse refused(Errors error, int version, String topic,
            int partition, MemoryRecords records) throws IOException {
        PartitionProduceResponse answer = only(client.call(ApiKeys.PRODUCE, version,
                request(version, topic, partition, records), ProduceResponseData.class));
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(error);
        assertThat(answer.baseOffset()).isEqualTo(-1);
        return answer;
    }

    private ProduceRequestData request(int version, String topic, int partition,
            MemoryRecords records) {
        Uuid id = fixture.broker.topics().find(topic).map(Topic::id).map(TopicIds::toKafka)
                .orElse(new Uuid(1, 2));
        TopicProduceData data = new TopicProduceData().setPartitionData(
                List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1)
                .setTimeoutMs(10_000);
        request.topicData().add(version >= 13 ? data.setTopicId(id) : data.setName(topic));
        return request;
    }

    private static PartitionProduceResponse only(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    private void create(String name, Map<String, String> overrides) {
        assertThat(fixture.broker.topics().create(NewTopic.of(name, 1, overrides)).join())
                .isInstanceOf(TopicOutcome.Done.class);
    }
}
