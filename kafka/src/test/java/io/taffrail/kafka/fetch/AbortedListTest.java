package io.taffrail.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.kafka.HeadFixture;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A response lists few aborted transactions, and no aborted record is read. */
@Timeout(120)
class AbortedListTest {

    private static final int MANY = 2500;

    private final HeadFixture fixture = new HeadFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void recordsAfterManyAbortedTransactionsAreRead() {
        fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).join();
        Partition partition = fixture.broker.topics().find("t").orElseThrow().partition(0)
                .orElseThrow();
        CompletableFuture<Void> filled = new CompletableFuture<>();
        partition.owner().execute(() -> {
            var _ = fill(partition.log()).thenAccept(filled::complete);
        });
        filled.join();

        KafkaConsumer<String, String> consumer = fixture
                .consumer(Map.of("isolation.level", "read_committed"));
        TopicPartition first = new TopicPartition("t", 0);
        consumer.assign(List.of(first));
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!values.contains("last") && System.nanoTime() < deadline) {
            for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(50))) {
                values.add(each.value());
            }
        }

        assertThat(values).containsExactly("first", "middle", "last");
        PartitionReader reader = new PartitionReader(fixture.broker.topics(), true);
        assertThat(reader
                .read(new FetchTarget("t", Uuid.ZERO_UUID, 0, 0, 1 << 20, -1, -1), 1 << 20, true)
                .abortedTransactions()).hasSize(1000);
    }

    /** A committed read looks up the transactions of a part of the offsets only. */
    @Test
    void aBatchOfVeryManyRecordsIsRead() {
        fixture.broker.topics().create(NewTopic.of("wide", 1, Map.of())).join();
        Partition partition = fixture.broker.topics().find("wide").orElseThrow().partition(0)
                .orElseThrow();
        BatchBuilder wide = new BatchBuilder();
        for (int i = 0; i < (1 << 20) + 10; i++) {
            wide.add(1, null, new byte[0]);
        }
        ByteBuffer batch = wide.build();
        CompletableFuture<Void> filled = new CompletableFuture<>();
        partition.owner().execute(() -> {
            var _ = append(partition.log(), batch).durable().thenAccept(filled::complete);
        });
        filled.join();

        PartitionReader reader = new PartitionReader(fixture.broker.topics(), true);
        assertThat(Objects.requireNonNull(reader
                .read(new FetchTarget("wide", Uuid.ZERO_UUID, 0, 0, 1 << 20, -1, -1), 1 << 20, true)
                .records()).sizeInBytes()).isEqualTo(batch.limit());
    }

    private static CompletableFuture<Void> fill(WritableLog log) {
        append(log, data(1, 0, "first"));
        append(log, BatchBuilder.endMarker(1, (short) 0, true, 0, 1));
        for (int i = 0; i < MANY; i++) {
            append(log, data(2, i, "never"));
            append(log, BatchBuilder.endMarker(2, (short) 0, false, 0, 1));
            if (i == MANY / 2) {
                append(log, data(1, 1, "middle"));
                append(log, BatchBuilder.endMarker(1, (short) 0, true, 0, 1));
            }
        }
        append(log, data(1, 2, "last"));
        return append(log, BatchBuilder.endMarker(1, (short) 0, true, 0, 1)).durable();
    }

    private static AppendResult.Stored append(WritableLog log, ByteBuffer batch) {
        return (AppendResult.Stored) log.append(batch);
    }

    private static ByteBuffer data(long producer, int sequence, String value) {
        return new BatchBuilder().producer(producer, (short) 0, sequence).transactional()
                .add(1, null, value.getBytes(StandardCharsets.UTF_8)).build();
    }
}
