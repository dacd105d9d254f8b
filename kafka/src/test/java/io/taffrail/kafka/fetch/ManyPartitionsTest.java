package io.taffrail.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.kafka.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fetches of so many partitions that they run on worker threads. */
@Timeout(120)
class ManyPartitionsTest {

    private static final int PARTITIONS = FetchHandler.ON_LOOP_PARTITIONS + 10;
    private static final int FETCH = 12;

    private final HeadFixture fixture = new HeadFixture();
    private final RawClient client = new RawClient(fixture.head.address().getPort());
    private final RawClient producer = new RawClient(fixture.head.address().getPort());

    ManyPartitionsTest() throws IOException {
        fixture.broker.topics().create(NewTopic.of("t", PARTITIONS, Map.of())).join();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        producer.close();
        fixture.close();
    }

    private static FetchRequestData fetch(int maxWaitMs) {
        return new FetchRequestData().setMaxBytes(1 << 20).setMinBytes(1).setMaxWaitMs(maxWaitMs)
                .setTopics(List.of(new FetchTopic().setTopic("t")
                        .setPartitions(IntStream.range(0, PARTITIONS)
                                .mapToObj(index -> new FetchPartition().setPartition(index)
                                        .setPartitionMaxBytes(1 << 20))
                                .toList())));
    }

    private void produce(int partition) throws IOException {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1)
                .setTimeoutMs(30_000);
        data.topicData().add(new TopicProduceData().setName("t").setPartitionData(List.of(
                new PartitionProduceData().setIndex(partition)
                        .setRecords(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(
                                "v".getBytes(StandardCharsets.UTF_8)))))));
        assertThat(producer.call(ApiKeys.PRODUCE, 9, data, ProduceResponseData.class).responses()
                .iterator().next().partitionResponses().getFirst().errorCode()).isZero();
    }

    private long found() throws IOException {
        return client.receive(ApiKeys.FETCH, FETCH, FetchResponseData.class).responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.records().sizeInBytes() > 0).count();
    }

    @Test
    void recordsWakeAFetchThatWaits() throws IOException {
        client.send(ApiKeys.FETCH, FETCH, fetch(1_000_000));
        produce(PARTITIONS - 1);
        assertThat(found()).isEqualTo(1);
        produce(0);
        client.send(ApiKeys.FETCH, FETCH, fetch(1_000_000));
        assertThat(found()).isEqualTo(2);
    }

    @Test
    void aFetchEndsWhenItsTimeIsOver() throws IOException {
        client.send(ApiKeys.FETCH, FETCH, fetch(10));
        assertThat(found()).isZero();
    }

    @Test
    void itsStepsRunWhereTheyAreToldTo() throws Exception {
        BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
        List<FetchTarget> targets = List.of(new FetchTarget("t", Uuid.ZERO_UUID, 0, 0, 1 << 20,
                -1, -1));
        Arrivals arrivals = new Arrivals();
        CompletableFuture<List<Fetched>> result = new PendingFetch(fixture.loops.current(),
                Optional.of(steps::add), TimeSource.system(),
                new PartitionReader(fixture.broker.topics(), false), arrivals, targets,
                new PendingFetch.Bounds(1, 1 << 20, 1_000_000)).start();

        assertThat(result).isNotDone();
        steps.take().run();
        produce(0);
        while (!result.isDone()) {
            steps.take().run();
        }
        Fetched fetched = result.get(1, TimeUnit.SECONDS).getFirst();
        assertThat(fetched.data().records().sizeInBytes()).isPositive();
    }
}
