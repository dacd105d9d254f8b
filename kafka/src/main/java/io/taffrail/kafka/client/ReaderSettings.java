package io.taffrail.kafka.client;

import java.util.List;
import java.util.Optional;

/**
 * Topics, partitions and start of a reader.
 *
 * @param topics
 *            at least one topic
 * @param partitions
 *            partitions of every topic, empty for all; ignored with a group
 * @param start
 *            start of reading; with a group only {@link StartPoint.Beginning} or
 *            {@link StartPoint.End}, used in partitions without a committed offset
 * @param group
 *            group that the reader joins as a member
 */
public record ReaderSettings(List<String> topics, List<Integer> partitions, StartPoint start,
        Optional<String> group) {

    public ReaderSettings {
        topics = List.copyOf(topics);
        partitions = List.copyOf(partitions);
    }

    /** Reads all partitions of one topic from their beginning, without a group. */
    public static ReaderSettings of(String topic) {
        return new ReaderSettings(List.of(topic), List.of(), new StartPoint.Beginning(),
                Optional.empty());
    }
}
