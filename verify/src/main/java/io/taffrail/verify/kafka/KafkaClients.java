package io.taffrail.verify.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates Kafka clients for one address, with the settings of this workload. */
record KafkaClients(String bootstrap) {

    static String place(TopicPartition partition) {
        return "kafka:" + partition.topic() + "/" + partition.partition();
    }

    /** Returns the place of a partition that only transactions write. */
    static String transactionalPlace(TopicPartition partition) {
        return "txn:" + partition.topic() + "/" + partition.partition();
    }

    Admin admin() {
        return Admin.create(with(Map.of("default.api.timeout.ms", "10000",
                "request.timeout.ms", "3000")));
    }

    /**
     * Returns an idempotent producer with {@code acks=all}, Kafka's default,
     * which retries during an outage.
     */
    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(with(Map.of("acks", "all", "enable.idempotence", "true",
                "linger.ms", "5", "max.block.ms", "30000", "request.timeout.ms", "5000",
                "delivery.timeout.ms", "30000", "buffer.memory", "16777216")),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> member(String group) {
        return consumer(Map.of("group.id", group, "group.protocol", "consumer"));
    }

    KafkaConsumer<byte[], byte[]> reader() {
        return consumer(Map.of("fetch.max.bytes", "8388608"));
    }

    /** Returns a reader of committed data, which may read and commit offsets of a group. */
    KafkaConsumer<byte[], byte[]> committedReader(String group) {
        return consumer(Map.of("isolation.level", "read_committed", "group.id", group));
    }

    /** Returns a producer for transactions; one that is started later fences it. */
    KafkaProducer<byte[], byte[]> transactional(String id) {
        return new KafkaProducer<>(with(Map.of("acks", "all", "transactional.id", id,
                "linger.ms", "0", "max.block.ms", "15000", "request.timeout.ms", "5000",
                "delivery.timeout.ms", "15000", "transaction.timeout.ms", "10000")),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = with(Map.of("enable.auto.commit", "false",
                "auto.offset.reset", "earliest", "default.api.timeout.ms", "10000",
                "request.timeout.ms", "5000", "isolation.level", "read_uncommitted",
                "max.poll.records", "2000"));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("reconnect.backoff.ms", "20");
        settings.put("reconnect.backoff.max.ms", "200");
        settings.put("retry.backoff.ms", "50");
        settings.put("retry.backoff.max.ms", "200");
        return settings;
    }
}
