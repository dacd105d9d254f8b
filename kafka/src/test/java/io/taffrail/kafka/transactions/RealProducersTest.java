package io.taffrail.kafka.transactions;

import static io.taffrail.kafka.transactions.TransactionServer.FIRST;
import static io.taffrail.kafka.transactions.TransactionServer.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of unmodified clients. */
@Timeout(120)
class RealProducersTest {

    private final TransactionServer server = new TransactionServer();

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private static void commit(KafkaProducer<String, String> producer, int partition,
            String value) {
        producer.beginTransaction();
        var _ = producer.send(record(partition, value));
        producer.commitTransaction();
    }

    @Test
    void committedRecordsAreReadAndAbortedOnesAreNot() {
        KafkaProducer<String, String> producer = server.producer("x");
        commit(producer, 0, "one");
        producer.beginTransaction();
        var _ = producer.send(record(0, "never"));
        var _ = producer.send(record(1, "never"));
        producer.flush();
        producer.abortTransaction();
        commit(producer, 0, "two");

        assertThat(server.committedUntil(FIRST, "two")).containsExactly("one", "two");
        assertThat(server.uncommittedUntil(FIRST, "two")).containsExactly("one", "never", "two");
    }

    /** So that no delayed batch of one transaction joins the next (KIP-890). */
    @Test
    void eachTransactionHasAnEpochOfItsOwn() throws Exception {
        KafkaProducer<String, String> producer = server.producer("x");
        Admin admin = server.admin();
        for (int transaction = 0; transaction < 3; transaction++) {
            commit(producer, 0, "value " + transaction);
            assertThat(admin.describeTransactions(List.of("x")).description("x").get()
                    .producerEpoch()).isEqualTo(transaction + 1);
        }

        assertThat(server.committedUntil(FIRST, "value 2")).hasSize(3);
    }

    @Test
    void recordsOfAnOpenTransactionAreReadWhenItIsCommitted() {
        KafkaProducer<String, String> open = server.producer("open");
        KafkaProducer<String, String> other = server.producer("other");
        open.beginTransaction();
        var _ = open.send(record(0, "first"));
        open.flush();
        commit(other, 0, "second");
        assertThat(server.uncommittedUntil(FIRST, "second")).containsExactly("first", "second");
        KafkaConsumer<String, String> consumer = server.consumer(Map.of());
        assertThat(consumer.endOffsets(List.of(FIRST))).containsEntry(FIRST, 0L);

        open.commitTransaction();

        assertThat(server.committedUntil(FIRST, "second")).containsExactly("first", "second");
    }

    @Test
    void producerWithTheSameIdFencesTheEarlierOneAndAbortsItsTransaction() {
        KafkaProducer<String, String> zombie = server.producer("x");
        zombie.beginTransaction();
        var _ = zombie.send(record(0, "never"));
        zombie.flush();

        KafkaProducer<String, String> next = server.producer("x");
        assertThatThrownBy(() -> {
            var _ = zombie.send(record(0, "late")).get();
            zombie.commitTransaction();
        }).satisfiesAnyOf(
                failure -> assertThat(failure).isInstanceOf(ExecutionException.class)
                        .cause().isInstanceOfAny(ProducerFencedException.class,
                                InvalidProducerEpochException.class),
                failure -> assertThat(failure).isInstanceOf(KafkaException.class));
        commit(next, 0, "one");

        assertThat(server.committedUntil(FIRST, "one")).containsExactly("one");
    }

    @Test
    void transactionIsAbortedAfterItsTimeOut() {
        KafkaProducer<String, String> slow = server.producer("slow",
                Map.of("transaction.timeout.ms", 100));
        slow.beginTransaction();
        var _ = slow.send(record(0, "never"));
        slow.flush();
        KafkaProducer<String, String> other = server.producer("other");
        commit(other, 0, "one");

        assertThat(server.committedUntil(FIRST, "one")).containsExactly("one");
        assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        slow.close(Duration.ZERO);
        KafkaProducer<String, String> again = server.producer("slow");
        commit(again, 0, "two");
        assertThat(server.committedUntil(FIRST, "two")).containsExactly("one", "two");
    }

    /** A record that a client writes there could be taken for a decision. */
    @Test
    void onlyTheCoordinatorWritesTheStateOfTransactions() {
        server.producer("x");
        try (KafkaProducer<String, String> admin = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + server.port(), "client.id",
                        "__admin_client"),
                new StringSerializer(), new StringSerializer())) {
            assertThatThrownBy(() -> admin.send(new ProducerRecord<>("__transaction_state", 0, "k",
                    "v")).get()).hasCauseInstanceOf(InvalidTopicException.class);
        }
    }

    @Test
    void consumeTransformProduceIsOneStep() {
        KafkaProducer<String, String> input = server.producer("input");
        commit(input, 0, "a");
        commit(input, 0, "b");
        KafkaConsumer<String, String> consumer = server.consumer(Map.of("group.id", "g"));
        consumer.subscribe(List.of("t"));
        KafkaProducer<String, String> producer = server.producer("transform");
        TopicPartition output = new TopicPartition("t", 2);

        assertThat(transform(consumer, producer, "a", "b")).isEqualTo(3);
        producer.abortTransaction();
        assertThat(consumer.committed(Set.of(FIRST)).get(FIRST)).isNull();

        consumer.seekToBeginning(List.of(FIRST));
        assertThat(transform(consumer, producer, "a", "b")).isEqualTo(3);
        producer.commitTransaction();

        TransactionServer.until(
                () -> consumer.committed(Set.of(FIRST)).get(FIRST) != null);
        assertThat(consumer.committed(Set.of(FIRST))).containsEntry(FIRST,
                new OffsetAndMetadata(3));
        assertThat(server.committedUntil(output, "B")).containsExactly("A", "B");
    }

    /** Sends what it reads from the first partition; returns the offset that it adds. */
    private static long transform(KafkaConsumer<String, String> consumer,
            KafkaProducer<String, String> producer, String... expected) {
        producer.beginTransaction();
        List<String> seen = new ArrayList<>();
        long[] next = {0};
        TransactionServer.until(() -> {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(50));
            for (ConsumerRecord<String, String> each : records.records(FIRST)) {
                seen.add(each.value());
                var _ = producer.send(record(2, each.value().toUpperCase(Locale.ROOT)));
                next[0] = each.offset() + 1;
            }
            return seen.containsAll(List.of(expected));
        });
        producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(next[0])),
                consumer.groupMetadata());
        return next[0];
    }
}
