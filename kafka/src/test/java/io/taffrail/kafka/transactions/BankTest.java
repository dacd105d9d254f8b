package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Transfers between accounts, each one transaction of a debit and a credit on two partitions, while
 * the broker is killed. A reader of committed records sees both or none, and no acknowledged
 * transfer is lost.
 */
@Timeout(300)
class BankTest {

    private static final int TELLERS = 3;
    private static final int TRANSFERS = 40;
    private static final int KILLS = 3;

    private final TransactionServer server = new TransactionServer();
    private final ExecutorService tellers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() throws Exception {
        tellers.shutdownNow();
        server.close();
    }

    @Test
    void sumsAreConserved() throws Exception {
        long seed = System.nanoTime();
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<List<String>>> work = new ArrayList<>();
        for (int teller = 0; teller < TELLERS; teller++) {
            String id = "teller" + teller;
            Random random = new Random(seed + teller);
            work.add(CompletableFuture.supplyAsync(() -> transfers(id, random, done), tellers));
        }
        for (int kill = 1; kill <= KILLS; kill++) {
            int wanted = kill * TELLERS * TRANSFERS / (KILLS + 1);
            TransactionServer.until(() -> done.get() >= wanted);
            server.kill();
        }
        List<String> acknowledged = new ArrayList<>();
        for (CompletableFuture<List<String>> each : work) {
            acknowledged.addAll(each.get());
        }
        for (int teller = 0; teller < TELLERS; teller++) {
            // Ends what was open when its producer failed.
            server.producer("teller" + teller).close(Duration.ZERO);
        }

        List<List<String>> seen = new ArrayList<>();
        for (int partition = 0; partition < 3; partition++) {
            seen.add(committed(new TopicPartition("t", partition)));
        }
        List<String> debits = select(seen, "-");
        List<String> credits = select(seen, "+");
        assertThat(debits).as("seed %d", seed).doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(credits).containsAll(acknowledged);
    }

    /** Makes transfers, and returns the names of those that were acknowledged as committed. */
    private List<String> transfers(String id, Random random, AtomicInteger done) {
        List<String> acknowledged = new ArrayList<>();
        KafkaProducer<String, String> producer = server.producer(id);
        for (int number = 0; number < TRANSFERS; number++) {
            String name = id + "/" + number;
            int from = random.nextInt(3);
            try {
                producer.beginTransaction();
                var _ = producer.send(TransactionServer.record(from, "-" + name));
                var _ = producer.send(TransactionServer.record((from + 1) % 3, "+" + name));
                if (random.nextInt(5) == 0) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                    acknowledged.add(name);
                }
            } catch (KafkaException e) {
                // Not known whether it is committed; the next producer of this id decides.
                producer.close(Duration.ZERO);
                producer = server.producer(id);
            }
            done.incrementAndGet();
        }
        return acknowledged;
    }

    private List<String> committed(TopicPartition partition) {
        KafkaConsumer<String, String> consumer = server.consumer(Map.of());
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        List<String> values = new ArrayList<>();
        TransactionServer.until(() -> {
            for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(50))) {
                values.add(each.value());
            }
            return consumer.position(partition) >= end;
        });
        return values;
    }

    private static List<String> select(List<List<String>> seen, String sign) {
        return seen.stream().flatMap(List::stream).filter(value -> value.startsWith(sign))
                .map(value -> value.substring(1)).toList();
    }
}
