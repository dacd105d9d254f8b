package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's Java clients, with operations that many tests use. */
final class Kafka implements AutoCloseable {

    private static final int TIMEOUT_S = 30;

    private final String bootstrap;
    private final KafkaProducer<String, String> producer;
    private final Admin admin;

    Kafka(String bootstrap) {
        this.bootstrap = bootstrap;
        this.producer = producer(Map.of());
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    Admin admin() {
        return admin;
    }

    void create(String topic, int partitions) throws Exception {
        var _ = admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all()
                .get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    Set<String> topics() throws Exception {
        return admin.listTopics().names().get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    RecordMetadata send(ProducerRecord<String, String> record)
            throws InterruptedException, ExecutionException, TimeoutException {
        return producer.send(record).get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    RecordMetadata send(String topic, String key, String value) throws Exception {
        return send(new ProducerRecord<>(topic, key, value));
    }

    /** Reads {@code count} records as a new or existing group, and commits. */
    List<ConsumerRecord<String, String>> read(String topic, String group, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "group.id", group,
                "auto.offset.reset", "earliest", "enable.auto.commit", "false");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings,
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
            consumer.commitSync();
            assertThat(records).hasSize(count);
            return records;
        }
    }

    static String header(ConsumerRecord<String, String> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
    }
}
