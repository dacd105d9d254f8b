package io.taffrail.bench.workload;

import io.taffrail.bench.report.Stats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer at a fixed rate and a consumer of the same partition, in one process.
 * Clients have {@code acks=all} and {@code linger.ms=0}, otherwise default settings.
 *
 * <p>
 * Each payload begins with its send time in nanoseconds.
 * A sender that is behind its schedule writes the time at which the record was due,
 * so that a stall counts for every record that it delays.
 */
public final class PacedClient {
    private static final long STALL_LIMIT_NS = Duration.ofSeconds(30).toNanos();

    private PacedClient() {}

    public static void main(String[] args) throws InterruptedException {
        var topic = new TopicPartition(args[1], 0);
        int recordBytes = Integer.parseInt(args[2]);
        int rate = Integer.parseInt(args[3]);
        int warmup = Integer.parseInt(args[4]);
        int counted = Integer.parseInt(args[5]);
        try (var consumer = consumer(args[0]); var producer = producer(args[0])) {
            consumer.assign(List.of(topic));
            consumer.seekToEnd(List.of(topic));
            consumer.position(topic);
            Thread sender = Thread.ofPlatform().daemon().name("paced-sender")
                    .start(() -> send(producer, topic, recordBytes, rate, warmup + counted));
            long[] latenciesNs = receive(consumer, warmup, counted);
            sender.join();
            print(latenciesNs);
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, TopicPartition topic,
            int recordBytes, int rate, int count) {
        long startNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long dueNs = startNs + i * 1_000_000_000L / rate;
            boolean behind = System.nanoTime() > dueNs;
            while (System.nanoTime() < dueNs) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
            byte[] value = new byte[recordBytes];
            ByteBuffer.wrap(value).putLong(behind ? dueNs : System.nanoTime());
            producer.send(new ProducerRecord<>(topic.topic(), topic.partition(), null, value),
                    (_, failure) -> {
                        if (failure != null) {
                            System.err.println("produce failed: " + failure);
                            Runtime.getRuntime().halt(1);
                        }
                    });
        }
    }

    private static long[] receive(KafkaConsumer<byte[], byte[]> consumer, int warmup, int counted) {
        long[] latenciesNs = new long[counted];
        int received = 0;
        long deadlineNs = System.nanoTime() + STALL_LIMIT_NS;
        while (received < warmup + counted) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                long nowNs = System.nanoTime();
                if (received >= warmup) {
                    latenciesNs[received - warmup] = nowNs
                            - ByteBuffer.wrap(record.value()).getLong();
                }
                received++;
                deadlineNs = nowNs + STALL_LIMIT_NS;
            }
            if (System.nanoTime() > deadlineNs) {
                throw new IllegalStateException("nothing received for 30 s after " + received);
            }
        }
        return latenciesNs;
    }

    private static void print(long[] latenciesNs) {
        Arrays.sort(latenciesNs);
        System.out.printf(Locale.ROOT,
                "paced received=%d avg_ms=%.3f p50_ms=%.3f p99_ms=%.3f p999_ms=%.3f max_ms=%.3f%n",
                latenciesNs.length, Arrays.stream(latenciesNs).average().orElse(0) / 1e6,
                Stats.percentile(latenciesNs, 0.5) / 1e6, Stats.percentile(latenciesNs, 0.99) / 1e6,
                Stats.percentile(latenciesNs, 0.999) / 1e6, Stats.percentile(latenciesNs, 1) / 1e6);
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.LINGER_MS_CONFIG, 0),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
