package io.taffrail.kafka.client;

import java.util.List;
import java.util.Optional;

/**
 * What is read.
 *
 * @param topics
 *            at least one
 * @param partitions
 *            of every topic; empty for all. Not with a group
 * @param start
 *            where to start; with a group only {@link StartPoint.Beginning} or
 *            {@link StartPoint.End}, and only
 *            in partitions of which the group has committed nothing
 * @param group
 *            the group to read as a member of
 */
public record ReaderSettings(List<String> topics, List<Integer> partitions, StartPoint start,
        Optional<String> group) {

    public ReaderSettings {
        topics = List.copyOf(topics);
        partitions = List.copyOf(partitions);
    }

    /** All partitions of one topic from their beginning, without a group. */
    public static ReaderSettings of(String topic) {
        return new ReaderSettings(List.of(topic), List.of(), new StartPoint.Beginning(),
                Optional.empty());
    }
}
