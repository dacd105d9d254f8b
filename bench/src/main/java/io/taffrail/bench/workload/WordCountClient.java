package io.taffrail.bench.workload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/**
 * A program that counts the words of a topic with Kafka Streams, {@code exactly_once_v2}.
 * It prints the time from the start of the application until a reader with
 * {@code read_committed} has seen all counts.
 * Arguments: bootstrap address, input topic, output topic, words, directory for state.
 */
final class WordCountClient {
    private static final long STALL_LIMIT_NS = Duration.ofMinutes(1).toNanos();

    private WordCountClient() {}

    public static void main(String[] args) throws Exception {
        long words = Long.parseLong(args[3]);
        Path state = Files.createDirectories(Path.of(args[4]));
        long startNs = System.nanoTime();
        try (var streams = new KafkaStreams(topology(args[1], args[2]),
                settings(args[0], args[2], state));
                var consumer = consumer(args[0])) {
            streams.start();
            consumer.subscribe(List.of(args[2]));
            awaitCounts(consumer, words);
            System.out.printf(Locale.ROOT, "wordcount words=%d per_s=%.1f%n", words,
                    words * 1e9 / (System.nanoTime() - startNs));
        }
    }

    private static Topology topology(String input, String output) {
        var builder = new StreamsBuilder();
        builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()))
                .flatMapValues(line -> Arrays.asList(line.split(" ")))
                .groupBy((_, word) -> word, Grouped.with(Serdes.String(), Serdes.String())).count()
                .toStream().to(output, Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private static void awaitCounts(KafkaConsumer<String, Long> consumer, long words) {
        var counts = new HashMap<String, Long>();
        long sum = 0;
        long deadlineNs = System.nanoTime() + STALL_LIMIT_NS;
        while (sum < words) {
            for (var update : consumer.poll(Duration.ofMillis(100))) {
                Long before = counts.put(update.key(), update.value());
                sum += update.value() - (before == null ? 0 : before);
                deadlineNs = System.nanoTime() + STALL_LIMIT_NS;
            }
            if (System.nanoTime() > deadlineNs) {
                throw new IllegalStateException("no count for 60 s after " + sum + " words");
            }
        }
    }

    private static Properties settings(String bootstrap, String id, Path state) {
        var settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    private static KafkaConsumer<String, Long> consumer(String bootstrap) {
        return new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                ConsumerConfig.GROUP_ID_CONFIG, "counts-" + System.nanoTime(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"), new StringDeserializer(),
                new LongDeserializer());
    }
}
