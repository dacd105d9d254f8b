package io.taffrail.bench.workload;

import io.taffrail.bench.report.Stats;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A program that sends records at full speed in transactions of a fixed duration, with
 * {@code acks=all}, and prints the rate and the latency of commits. The latency is that of
 * {@code commitTransaction} after a flush, so it holds no records but the decision and the markers.
 * Arguments: bootstrap address, topic, record size, transaction duration in ms, records.
 */
final class TransactionalClient {
    private TransactionalClient() {}

    public static void main(String[] args) {
        byte[] value = new byte[Integer.parseInt(args[2])];
        long durationNs = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[3]));
        long records = Long.parseLong(args[4]);
        try (var producer = producer(args[0], args[1])) {
            producer.initTransactions();
            run(producer, new ProducerRecord<>(args[1], value), durationNs, records);
        }
    }

    private static void run(KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> sent, long durationNs, long records) {
        long[] latenciesNs = new long[64];
        int commits = 0;
        long startNs = System.nanoTime();
        for (long done = 0; done < records;) {
            producer.beginTransaction();
            long endNs = System.nanoTime() + durationNs;
            do {
                // A failed send fails the commit.
                var _ = producer.send(sent);
                done++;
            } while (done < records && System.nanoTime() < endNs);
            producer.flush();
            long commitNs = System.nanoTime();
            producer.commitTransaction();
            if (commits == latenciesNs.length) {
                latenciesNs = Arrays.copyOf(latenciesNs, commits * 2);
            }
            latenciesNs[commits++] = System.nanoTime() - commitNs;
        }
        print(records, System.nanoTime() - startNs, Arrays.copyOf(latenciesNs, commits));
    }

    private static void print(long records, long elapsedNs, long[] latenciesNs) {
        Arrays.sort(latenciesNs);
        System.out.printf(Locale.ROOT,
                "transactional records=%d per_s=%.1f commits=%d avg_ms=%.3f p50_ms=%.3f"
                        + " p99_ms=%.3f max_ms=%.3f%n",
                records, records * 1e9 / elapsedNs, latenciesNs.length,
                Arrays.stream(latenciesNs).average().orElse(0) / 1e6,
                Stats.percentile(latenciesNs, 0.5) / 1e6, Stats.percentile(latenciesNs, 0.99) / 1e6,
                Stats.percentile(latenciesNs, 1) / 1e6);
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap, String id) {
        return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.TRANSACTIONAL_ID_CONFIG, id),
                new ByteArraySerializer(), new ByteArraySerializer());
    }
}
