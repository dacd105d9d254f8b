package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.broker.Launcher;
import io.taffrail.bench.broker.Probe;
import io.taffrail.bench.report.Metric;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Restarts a broker with records in each of many partitions, once after SIGTERM and once
 * after SIGKILL. The broker counts as serving when every partition has a leader and one partition
 * of each topic has acknowledged a record.
 */
public record PartitionRestart(int topics, int partitionsPerTopic) implements Lifecycle {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int QUICK_DIVISOR = 20;
    private static final int RECORD_BYTES = 1024;

    @Override
    public Readings run(Launcher launcher, Path homes, int port, boolean quick)
            throws IOException, InterruptedException {
        String prefix = "restart-" + System.nanoTime() + "-";
        Path home = homes.resolve(prefix + launcher.peer());
        launcher.format(home);
        int partitions = quick ? partitionsPerTopic / QUICK_DIVISOR : partitionsPerTopic;
        List<String> names = IntStream.range(0, topics).mapToObj(i -> prefix + i).toList();
        var readings = new Readings();

        try (var session = new Session(Broker.start(launcher, home, port, Startup.FIRST_LIMIT),
                home)) {
            long startNs = System.nanoTime();
            for (String name : names) {
                session.createTopics(List.of(name), partitions, Map.of());
            }
            readings.with(Metric.CREATE_MS, (System.nanoTime() - startNs) / 1e6);
            fill(session.broker(), names, partitions);
            startNs = System.nanoTime();
            session.broker().stop();
            readings.with(Metric.STOP_MS, (System.nanoTime() - startNs) / 1e6);
        }

        try (var broker = Broker.fork(launcher, home, port)) {
            readings.with(Metric.RESTART_TERM_MS, awaitServingMs(broker, names, partitions));
            requireRecords(broker, names, partitions, (long) topics * (partitions + 1));
            fill(broker, names, partitions);
            broker.kill();
        }

        try (var broker = Broker.fork(launcher, home, port)) {
            readings.with(Metric.RESTART_KILL_MS, awaitServingMs(broker, names, partitions));
            requireRecords(broker, names, partitions, (long) topics * (2 * partitions + 2));
        }
        return readings;
    }

    private static double awaitServingMs(Broker broker, List<String> names, int partitions)
            throws IOException {
        try (var probe = Probe.connect(broker, LIMIT)) {
            probe.awaitLeaders(names, partitions);
            for (String name : names) {
                probe.produce(name, partitions - 1, new byte[RECORD_BYTES]);
            }
            return (System.nanoTime() - broker.forkedNs()) / 1e6;
        }
    }

    /** Writes one record to every partition and waits for the acknowledgements. */
    private static void fill(Broker broker, List<String> names, int partitions) throws IOException {
        var failure = new AtomicReference<Exception>();
        try (var producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap(),
                        ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String name : names) {
                for (int partition = 0; partition < partitions; partition++) {
                    var record = new ProducerRecord<byte[], byte[]>(name, partition, null,
                            new byte[RECORD_BYTES]);
                    producer.send(record, (_, failed) -> {
                        if (failed != null) {
                            failure.set(failed);
                        }
                    });
                }
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IOException("cannot fill the partitions", failure.get());
        }
    }

    /** Fails if records were lost: a restart that loses data is not a valid result. */
    private static void requireRecords(Broker broker, List<String> names, int partitions,
            long wanted)
            throws IOException {
        try (var consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            long found = 0;
            for (String name : names) {
                var all = IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(name, partition)).toList();
                found += consumer.endOffsets(all, LIMIT).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
            }
            if (found < wanted) {
                throw new IOException(
                        broker.peer() + " has " + found + " records after a restart instead of "
                                + wanted);
            }
        }
    }
}
