package io.taffrail.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.api.TopicIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetch requests sent as raw frames. */
class FetchTest {

    private static final int LATEST = 18;
    /** Longer than the client's patience: a test that waits for this wait time to end fails. */
    private static final int VERY_LONG_MS = 60_000;

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client;
    private final KafkaProducer<String, String> producer = fixture
            .producer(Map.of("batch.size", 0));

    FetchTest() throws IOException {
        client = new RawClient(fixture.head.address().getPort());
    }

    @BeforeEach
    void createTopic() {
        var _ = fixture.broker.topics().create(NewTopic.of("t", 3, Map.of())).join();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void everyVersionReadsWhatWasStored(int version) throws Exception {
        send(0, "a", "b");

        PartitionData data = only(fetch(version, request(version, at(0, 0))));

        assertThat(data.errorCode()).isZero();
        assertThat(data.highWatermark()).isEqualTo(2);
        assertThat(values(data)).containsExactly("a", "b");
    }

    @Test
    void offsetsOutsideAreOutOfRange() throws Exception {
        send(0, "a");

        assertThat(error(at(0, 2))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(error(at(0, -1))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(error(at(7, 0))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void otherLeaderEpochsAreRefused() throws Exception {
        int epoch = fixture.broker.topics().find("t").orElseThrow().partitions().getFirst().log()
                .leaderEpoch();

        assertThat(error(at(0, 0).setCurrentLeaderEpoch(epoch + 1)))
                .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        if (epoch > 0) {
            assertThat(error(at(0, 0).setCurrentLeaderEpoch(epoch - 1)))
                    .isEqualTo(Errors.FENCED_LEADER_EPOCH);
        }
    }

    @Test
    void unknownTopicIdIsUnknown() throws IOException {
        FetchRequestData request = request(LATEST, at(0, 0));
        request.topics().getFirst().setTopicId(new Uuid(3, 4));

        assertThat(only(fetch(LATEST, request)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void firstBatchComesWholeHoweverSmallTheLimit() throws Exception {
        send(0, "x".repeat(500), "y".repeat(500));

        PartitionData data = only(fetch(LATEST, request(LATEST, at(0, 0).setPartitionMaxBytes(1))));

        assertThat(values(data)).containsExactly("x".repeat(500));
        assertThat(only(fetch(LATEST, request(LATEST, at(0, 0)).setMaxBytes(1)))
                .records().sizeInBytes()).isGreaterThan(500);
    }

    @Test
    void limitOfTheAnswerHoldsOverPartitions() throws Exception {
        send(0, "x".repeat(500));
        send(1, "y".repeat(500));

        FetchResponseData answer = fetch(LATEST,
                request(LATEST, at(0, 0), at(1, 0)).setMaxBytes(520));

        assertThat(partitions(answer).get(0).records().sizeInBytes()).isGreaterThan(500);
        assertThat(partitions(answer).get(1).records().sizeInBytes()).isLessThan(100);
    }

    @Test
    void waitsUntilSomethingComes() throws Exception {
        client.send(ApiKeys.FETCH, LATEST, request(LATEST, at(0, 0)).setMaxWaitMs(VERY_LONG_MS)
                .setMinBytes(1));
        send(0, "late");

        assertThat(values(only(receive(LATEST)))).containsExactly("late");
    }

    @Test
    void waitsUntilEnoughHasCome() throws Exception {
        client.send(ApiKeys.FETCH, LATEST, request(LATEST, at(0, 0), at(1, 0))
                .setMaxWaitMs(VERY_LONG_MS).setMinBytes(1000));
        send(0, "x".repeat(400));
        send(1, "y".repeat(400));
        send(0, "z".repeat(400));

        FetchResponseData answer = receive(LATEST);

        int bytes = partitions(answer).stream().mapToInt(data -> data.records().sizeInBytes())
                .sum();
        assertThat(bytes).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void answersEmptyWhenTimeIsOver() throws IOException {
        PartitionData data = only(fetch(LATEST,
                request(LATEST, at(0, 0)).setMaxWaitMs(20).setMinBytes(1)));

        assertThat(data.errorCode()).isZero();
        assertThat(data.records().sizeInBytes()).isZero();
    }

    @Test
    void deletedTopicEndsTheWait() throws Exception {
        client.send(ApiKeys.FETCH, LATEST, request(LATEST, at(0, 0)).setMaxWaitMs(VERY_LONG_MS)
                .setMinBytes(1));
        var _ = fixture.broker.topics().delete("t").join();

        assertThat(only(receive(LATEST)).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void sessionTellsOnlyNews() throws Exception {
        send(0, "a");
        FetchResponseData full = fetch(LATEST, request(LATEST, at(0, 0), at(1, 0))
                .setSessionEpoch(0));
        assertThat(full.sessionId()).isPositive();
        assertThat(partitions(full)).hasSize(2);

        FetchResponseData none = fetch(LATEST, incremental(full.sessionId(), 1, at(0, 1)));
        assertThat(none.errorCode()).isZero();
        assertThat(none.responses()).isEmpty();

        send(1, "b");
        FetchResponseData news = fetch(LATEST, incremental(full.sessionId(), 2));
        assertThat(partitions(news)).singleElement().satisfies(
                data -> assertThat(data.partitionIndex()).isEqualTo(1));
    }

    @Test
    void sessionForgetsPartitions() throws Exception {
        int session = fetch(LATEST, request(LATEST, at(0, 0), at(1, 0)).setSessionEpoch(0))
                .sessionId();
        send(0, "a");
        send(1, "b");
        FetchRequestData forgetting = incremental(session, 1);
        forgetting.forgottenTopicsData().add(
                new ForgottenTopic().setTopicId(topicId()).setPartitions(List.of(0)));

        assertThat(partitions(fetch(LATEST, forgetting))).singleElement().satisfies(
                data -> assertThat(data.partitionIndex()).isEqualTo(1));
    }

    @Test
    void sessionOutOfStepIsRefused() throws IOException {
        int session = fetch(LATEST, request(LATEST, at(0, 0)).setSessionEpoch(0)).sessionId();

        assertThat(fetch(LATEST, incremental(session, 5)).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(fetch(LATEST, incremental(session + 1, 1)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(fetch(12, incremental(session, 1)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code());
    }

    @Test
    void whatIsNotDurableIsNotRead() throws Exception {
        send(0, "a");
        fixture.engine.holdDurability();
        var held = producer.send(new ProducerRecord<>("t", 0, "k", "b"));
        while (fixture.engine.unforcedBytes() == 0) {
            Thread.onSpinWait();
        }

        assertThat(values(only(fetch(LATEST, request(LATEST, at(0, 0)))))).containsExactly("a");
        assertThat(held.isDone()).isFalse();
        fixture.engine.releaseDurability();
        assertThat(held.get().offset()).isEqualTo(1);
    }

    private FetchRequestData incremental(int session, int epoch, FetchPartition... changed) {
        FetchRequestData request = changed.length == 0
                ? new FetchRequestData().setMaxWaitMs(0)
                : request(LATEST, changed);
        return request.setSessionId(session).setSessionEpoch(epoch);
    }

    private Errors error(FetchPartition partition) throws IOException {
        return Errors.forCode(only(fetch(LATEST, request(LATEST, partition))).errorCode());
    }

    private static FetchPartition at(int partition, long offset) {
        return new FetchPartition().setPartition(partition).setFetchOffset(offset)
                .setPartitionMaxBytes(1 << 20);
    }

    private FetchRequestData request(int version, FetchPartition... partitions) {
        FetchTopic topic = new FetchTopic().setPartitions(List.of(partitions));
        FetchTopic named = version >= 13 ? topic.setTopicId(topicId()) : topic.setTopic("t");
        return new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setMaxBytes(50 << 20)
                .setSessionEpoch(-1).setTopics(List.of(named));
    }

    private Uuid topicId() {
        return fixture.broker.topics().find("t").map(Topic::id).map(TopicIds::toKafka)
                .orElseThrow();
    }

    private FetchResponseData fetch(int version, FetchRequestData request) throws IOException {
        client.send(ApiKeys.FETCH, version, request);
        return receive(version);
    }

    private FetchResponseData receive(int version) throws IOException {
        return client.receive(ApiKeys.FETCH, version, FetchResponseData.class);
    }

    private static PartitionData only(FetchResponseData answer) {
        assertThat(answer.errorCode()).isZero();
        assertThat(partitions(answer)).hasSize(1);
        return partitions(answer).getFirst();
    }

    private static List<PartitionData> partitions(FetchResponseData answer) {
        return answer.responses().stream().flatMap(topic -> topic.partitions().stream()).toList();
    }

    private static List<String> values(PartitionData data) {
        List<String> values = new ArrayList<>();
        for (Record item : ((MemoryRecords) data.records()).records()) {
            byte[] value = new byte[item.valueSize()];
            item.value().get(value);
            values.add(new String(value, UTF_8));
        }
        return values;
    }

    private void send(int partition, String... values) throws Exception {
        for (String value : values) {
            producer.send(new ProducerRecord<>("t", partition, "k", value)).get();
        }
    }
}
