package io.taffrail.kafka.client;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/** Reference to a partition by topic and index; the first index is 0. */
public record PartitionRef(String topic, int index) implements Comparable<PartitionRef> {

    private static final Comparator<PartitionRef> ORDER = Comparator.comparing(PartitionRef::topic)
            .thenComparingInt(PartitionRef::index);

    static PartitionRef of(TopicPartition partition) {
        return new PartitionRef(partition.topic(), partition.partition());
    }

    TopicPartition kafka() {
        return new TopicPartition(topic, index);
    }

    @Override
    public int compareTo(PartitionRef other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + ":" + index;
    }
}
