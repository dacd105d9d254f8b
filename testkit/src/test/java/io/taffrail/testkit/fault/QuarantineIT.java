package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import io.taffrail.testkit.amqp.Rabbit;
import io.taffrail.testkit.cli.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log whose own code fails, as seen by clients and an operator. */
@Timeout(180)
class QuarantineIT {

    private final FaultyBroker broker;
    private final Cli cli = new Cli("");

    QuarantineIT(@TempDir Path dir) {
        this.broker = new FaultyBroker(dir, Map.of());
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private Cli.Result taffrail(String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--data-dir", broker.dataDir().toString()));
        return cli.run(all.toArray(String[]::new));
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrap(),
                "enable.idempotence", false, "retries", 0, "max.block.ms", 10_000,
                "request.timeout.ms", 10_000, "delivery.timeout.ms", 20_000, "linger.ms", 0),
                new StringSerializer(), new StringSerializer());
    }

    private static long send(KafkaProducer<String, String> producer, int partition, String value)
            throws Exception {
        return producer.send(new ProducerRecord<>("t", partition, "k", value))
                .get(20, TimeUnit.SECONDS).offset();
    }

    private List<String> read(int partition, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition at = new TopicPartition("t", partition);
            consumer.assign(List.of(at));
            consumer.seekToBeginning(List.of(at));
            List<String> values = new ArrayList<>();
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (values.size() < count && System.nanoTime() < deadlineNs) {
                consumer.poll(Duration.ofMillis(200)).forEach(it -> values.add(it.value()));
            }
            return values;
        }
    }

    @Test
    void aPartitionIsReadUntilItIsReopened() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
                KafkaProducer<String, String> producer = producer()) {
            admin.createTopics(List.of(new NewTopic("t", 2, (short) 1))).all().get();
            assertThat(send(producer, 0, "before")).isZero();
            broker.disk().breakWriteOnceTo("/t@");

            assertThatThrownBy(() -> send(producer, 0, "fails"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(KafkaStorageException.class);
            assertThatThrownBy(() -> send(producer, 0, "refused"))
                    .satisfiesAnyOf(
                            it -> assertThat(it).hasCauseInstanceOf(KafkaStorageException.class),
                            it -> assertThat(it).hasCauseInstanceOf(TimeoutException.class));
            assertThat(send(producer, 1, "a neighbour")).isZero();
            assertThat(read(0, 1)).containsExactly("before");
            Cli.Result status = taffrail("status");
            assertThat(status.code()).isEqualTo(1);
            assertThat(status.out()).contains("NOT everything is in use", "QUARANTINED LOG")
                    .containsPattern("t@\\S+-0 +t-0 +.*a bug in");

            Cli.Result reopened = taffrail("log", "reopen", "t-0");

            assertThat(reopened.code()).as(reopened.err()).isZero();
            assertThat(send(producer, 0, "after")).isEqualTo(1);
            assertThat(read(0, 2)).containsExactly("before", "after");
            assertThat(taffrail("status").code()).isZero();
            assertThat(taffrail("log", "reopen", "t-0").out()).contains("t-0 was in use");
            assertThat(taffrail("log", "reopen", "nothing")).isEqualTo(new Cli.Result(4, "",
                    "taffrail: no partition, queue or log 'nothing'\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "stream"})
    void aQueueIsReopenedByTheSameCommand(String type) throws Exception {
        try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = rabbit.channel();
            channel.confirmSelect();
            channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", type));
            publish(channel, "before");
            Rabbit.confirmed(channel);
            broker.disk().breakWriteOnceTo("/@queue-");
            publish(channel, "lost");
            assertThatThrownBy(() -> channel.waitForConfirmsOrDie(20_000))
                    .isInstanceOf(IOException.class);
        }
        Cli.Result status = taffrail("status");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out()).contains("QUARANTINED QUEUE", "QUARANTINED LOG");

        Cli.Result reopened = taffrail("log", "reopen", "q");

        assertThat(reopened.code()).as(reopened.err()).isZero();
        assertThat(taffrail("status").code()).isZero();
        try (Rabbit later = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = later.channel();
            channel.confirmSelect();
            publish(channel, "after");
            Rabbit.confirmed(channel);
            assertThat(channel.queueDeclarePassive("q").getMessageCount()).isEqualTo(2);
        }
    }

    private static void publish(Channel channel, String body) throws Exception {
        channel.basicPublish("", "q", null, body.getBytes(StandardCharsets.UTF_8));
    }
}
