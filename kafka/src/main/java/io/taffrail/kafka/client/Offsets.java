package io.taffrail.kafka.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Look-up of the offsets of partitions by {@link OffsetSpec} and by {@link StartPoint}. */
final class Offsets {

    private final Admin admin;

    Offsets(Admin admin) {
        this.admin = admin;
    }

    /** The offset of each partition, or -1 if there is none. */
    Map<TopicPartition, Long> of(Collection<TopicPartition> partitions, OffsetSpec spec) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetSpec> asked = partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> spec));
        Map<TopicPartition, Long> found = new HashMap<>();
        Failures.await("offsets", admin.listOffsets(asked).all())
                .forEach((partition, result) -> found.put(partition, result.offset()));
        return found;
    }

    /** The offset of a start point in each partition, within the log's bounds. */
    Map<TopicPartition, Long> resolve(Collection<TopicPartition> partitions, StartPoint point) {
        Map<TopicPartition, Long> starts = of(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = of(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> found = point instanceof StartPoint.Time(var time)
                ? of(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()))
                : Map.of();
        Map<TopicPartition, Long> resolved = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long start = at(starts, partition);
            long end = at(ends, partition);
            long wanted = switch (point) {
                case StartPoint.Beginning() -> start;
                case StartPoint.End() -> end;
                case StartPoint.Offset(long offset) -> offset;
                case StartPoint.BeforeEnd(long records) -> end - records;
                case StartPoint.Time ignored -> at(found, partition) < 0
                        ? end
                        : at(found, partition);
            };
            resolved.put(partition, Math.clamp(wanted, start, end));
        }
        return resolved;
    }

    static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, -1L);
    }
}
