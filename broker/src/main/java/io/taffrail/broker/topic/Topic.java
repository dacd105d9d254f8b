package io.taffrail.broker.topic;

import java.util.List;
import java.util.UUID;

/**
 * A topic as of one moment: a new value replaces it when partitions or settings change.
 *
 * @param internal
 *            kept by the broker for itself ({@code __consumer_offsets})
 * @param partitions
 *            by index, at least one
 */
public record Topic(String name, UUID id, boolean internal, TopicConfig config,
        List<Partition> partitions) {}
