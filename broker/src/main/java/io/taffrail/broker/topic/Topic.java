package io.taffrail.broker.topic;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The immutable state of a topic: a new value replaces it when partitions or settings change.
 *
 * @param internal
 *            whether it is one of the broker's own topics ({@code __consumer_offsets})
 * @param partitions
 *            by index, at least one
 */
public record Topic(String name, UUID id, boolean internal, TopicConfig config,
        List<Partition> partitions) {

    /** The partition with this index, if it exists. */
    public Optional<Partition> partition(int index) {
        return index >= 0 && index < partitions.size()
                ? Optional.of(partitions.get(index))
                : Optional.empty();
    }

    Topic withPartitions(List<Partition> value) {
        return new Topic(name, id, internal, config, value);
    }

    Topic withConfig(TopicConfig value) {
        return new Topic(name, id, internal, value, partitions);
    }
}
