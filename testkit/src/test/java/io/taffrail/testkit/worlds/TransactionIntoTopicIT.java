package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.ForkedBroker;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that acknowledges a task and publishes its results to a queue and to a topic in one
 * {@code tx.commit}. With two event loops some partitions have another owner than the queues.
 */
class TransactionIntoTopicIT {

    private static final int PARTITIONS = 4;
    private static final int TASKS = 1_500;
    private static final int KILLS = 4;
    private static final int MOST_COMMITS_BETWEEN = 300;
    private static final Map<String, String> TWO_LOOPS = Map.of("event.loops", "2");

    @TempDir
    Path dir = Path.of(".");

    private static Channel declare(Rabbit rabbit) throws IOException {
        Channel channel = rabbit.confirming();
        channel.queueDeclare("tasks", true, false, false, null);
        channel.queueDeclare("done", true, false, false, null);
        return channel;
    }

    private static void create(Kafka kafka, Map<String, String> settings) throws Exception {
        kafka.admin().createTopics(List.of(
                new NewTopic("results", PARTITIONS, (short) 1).configs(settings))).all().get();
    }

    private static void publish(Channel channel, String exchange, String key, String body)
            throws IOException {
        channel.basicPublish(exchange, key, MessageProperties.MINIMAL_PERSISTENT_BASIC,
                body.getBytes(StandardCharsets.US_ASCII));
    }

    /** Handles one task; false if there is none. */
    private static boolean work(Channel transactional) throws IOException {
        GetResponse task = transactional.basicGet("tasks", false);
        if (task == null) {
            return false;
        }
        String body = Rabbit.text(task.getBody());
        publish(transactional, "", "done", body);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            publish(transactional, "results", Integer.toString(partition), body);
        }
        transactional.basicAck(task.getEnvelope().getDeliveryTag(), false);
        transactional.txCommit();
        return true;
    }

    @Test
    void refusedResultLeavesTheTask() throws Exception {
        try (TaffrailBroker broker = TaffrailBroker.builder().set("event.loops", "2").start();
                Kafka kafka = new Kafka(broker.bootstrap());
                Rabbit rabbit = Rabbit.to(broker)) {
            create(kafka, Map.of("max.message.bytes", "100"));
            Rabbit.publish(declare(rabbit), "tasks", "x".repeat(200), "small");
            Channel refused = rabbit.channel();
            refused.txSelect();

            assertThatThrownBy(() -> work(refused)).hasStackTraceContaining(
                    "refuses a message of the transaction");

            Channel next = rabbit.channel();
            assertThat(next.messageCount("done")).isZero();
            GetResponse again = next.basicGet("tasks", true);
            assertThat(again.getEnvelope().isRedeliver()).isTrue();
            assertThat(again.getBody()).hasSize(200);
            next.txSelect();
            assertThat(work(next)).isTrue();
            assertThat(next.messageCount("done")).isOne();
            assertThat(kafka.read("results", "g", PARTITIONS)).hasSize(PARTITIONS)
                    .allMatch(record -> record.value().equals("small"));
        }
    }

    /** {@code -Dseed=N} repeats the numbers of commits between kills. */
    @Test
    void eachTaskHasEachResultOnceWhateverIsKilled() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("TransactionIntoTopicIT: -Dseed=" + seed);
        Random random = new Random(seed);
        try (ForkedBroker broker = ForkedBroker.start(dir.resolve("data"), TWO_LOOPS);
                Kafka kafka = new Kafka(broker.bootstrap())) {
            create(kafka, Map.of());
            try (Rabbit rabbit = connect(broker)) {
                Rabbit.publish(declare(rabbit), "tasks", IntStream.range(0, TASKS)
                        .mapToObj(Integer::toString).toArray(String[]::new));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                workUntilKilled(broker, 1 + random.nextInt(MOST_COMMITS_BETWEEN));
                broker.restart();
            }
            try (Rabbit rabbit = connect(broker)) {
                Channel channel = rabbit.channel();
                channel.txSelect();
                while (work(channel)) {
                    // The loop ends with the last task.
                }
                assertEachOnce(Rabbit.drain(rabbit.channel(), "done"));
            }
            List<ConsumerRecord<String, String>> results = kafka.read("results", "g",
                    PARTITIONS * TASKS);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                TopicPartition of = new TopicPartition("results", partition);
                assertEachOnce(results.stream().filter(it -> it.partition() == of.partition())
                        .map(ConsumerRecord::value).toList());
            }
            assertThat(broker.stop()).isZero();
        }
    }

    private static void assertEachOnce(List<String> bodies) {
        assertThat(bodies).doesNotHaveDuplicates().hasSize(TASKS);
    }

    /** Works until the broker is killed, which is at some moment after so many commits. */
    private static void workUntilKilled(ForkedBroker broker, int commits) throws Exception {
        CountDownLatch enough = new CountDownLatch(commits);
        Thread killer = Thread.ofVirtual().start(() -> {
            try {
                assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                broker.kill();
            }
        });
        Optional<Exception> end = Optional.empty();
        Rabbit rabbit = connect(broker);
        Channel channel = rabbit.channel();
        channel.txSelect();
        while (end.isEmpty()) {
            try {
                assertThat(work(channel)).as("tasks are left").isTrue();
                enough.countDown();
            } catch (IOException | ShutdownSignalException killed) {
                end = Optional.of(killed);
            }
        }
        killer.join();
        assertThat(enough.getCount()).as("%s", end).isZero();
    }

    private static Rabbit connect(ForkedBroker broker) throws Exception {
        String[] parts = broker.amqp().split(":", 2);
        return Rabbit.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
    }
}
