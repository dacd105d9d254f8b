package io.taffrail.testkit.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What an application does, with classes and methods that kafka-clients has had since 2.8: makes a
 * topic, writes with every compression, reads as a group, commits, and resumes. Takes the broker's
 * address and returns what it saw.
 */
public final class ClientRoundTrip implements UnaryOperator<String> {

    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4",
            "zstd");

    @Override
    public String apply(String bootstrap) {
        String topic = "old-" + System.nanoTime();
        try (Admin admin = Admin.create(base(bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            write(bootstrap, topic);
            List<String> first = read(bootstrap, topic, 6);
            List<String> rest = read(bootstrap, topic, 4);
            List<String> all = new ArrayList<>(first);
            all.addAll(rest);
            Collections.sort(all);
            long committed = admin.listConsumerGroupOffsets(topic)
                    .partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(offset -> offset.offset()).sum();
            long end = end(bootstrap, topic);
            admin.deleteConsumerGroups(List.of(topic)).all().get();
            admin.deleteTopics(List.of(topic)).all().get();
            return String.join(",", all) + " committed " + committed + " end " + end;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(String bootstrap, String topic)
            throws InterruptedException, ExecutionException {
        for (String compression : COMPRESSIONS) {
            Map<String, Object> config = base(bootstrap);
            config.put("acks", "all");
            config.put("enable.idempotence", "true");
            config.put("compression.type", compression);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(config,
                    new StringSerializer(), new StringSerializer())) {
                for (int partition = 0; partition < 2; partition++) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(topic, partition,
                            "key", compression + partition);
                    record.headers().add("h", "x".getBytes(StandardCharsets.UTF_8));
                    producer.send(record).get();
                }
            }
        }
    }

    /** Reads so many records as a member of the group that is named like the topic. */
    private static List<String> read(String bootstrap, String topic, int count) {
        Map<String, Object> config = base(bootstrap);
        config.put("group.id", topic);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("max.poll.records", "1");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config,
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int polls = 0; values.size() < count && polls < 100; polls++) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.headers().lastHeader("h") != null) {
                        values.add(record.value());
                    }
                }
                consumer.commitSync();
            }
        }
        return values;
    }

    private static long end(String bootstrap, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(base(bootstrap),
                new StringDeserializer(), new StringDeserializer())) {
            return consumer
                    .endOffsets(
                            List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)))
                    .values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static Map<String, Object> base(String bootstrap) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        return config;
    }
}
