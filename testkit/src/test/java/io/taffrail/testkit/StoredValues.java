package io.taffrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.jspecify.annotations.Nullable;

/** All values stored in a topic, by offset. */
final class StoredValues {

    private final Map<TopicPartition, TreeMap<Long, Long>> valuesByOffset = new HashMap<>();

    static StoredValues read(String bootstrap, List<TopicPartition> partitions) {
        StoredValues stored = new StoredValues();
        try (KafkaConsumer<byte[], Long> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(), new LongDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(
                    partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], Long> record : consumer.poll(Duration.ofSeconds(1))) {
                    stored.valuesByOffset
                            .computeIfAbsent(new TopicPartition(record.topic(),
                                    record.partition()), _ -> new TreeMap<>())
                            .put(record.offset(), record.value());
                }
            }
        }
        return stored;
    }

    @Nullable
    Long at(TopicPartition partition, long offset) {
        return valuesByOffset.getOrDefault(partition, new TreeMap<>()).get(offset);
    }

    /**
     * Requires that no value occurs twice in all partitions, that each partition's values rise,
     * and that no offset is missing.
     */
    void assertEachOnceAndInOrder() {
        Set<Long> seen = new HashSet<>();
        valuesByOffset.forEach((partition, values) -> {
            assertThat(List.copyOf(values.values())).as("values of " + partition).isSorted();
            for (Map.Entry<Long, Long> entry : values.entrySet()) {
                assertThat(seen.add(entry.getValue()))
                        .as("value " + entry.getValue() + " once").isTrue();
            }
            assertThat(values.lastKey() - values.firstKey() + 1).as("offsets of " + partition)
                    .isEqualTo(values.size());
        });
    }
}
