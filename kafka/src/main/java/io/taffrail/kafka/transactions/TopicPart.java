package io.taffrail.kafka.transactions;

import java.util.Comparator;

/**
 * A partition that a transaction includes. Comparable, so that hash sets stay fast if clients
 * choose names of equal hashes.
 */
record TopicPart(String topic, int index) implements Comparable<TopicPart> {

    private static final int TOPIC_FACTOR = 0x9E3779B1;
    private static final int INDEX_FACTOR = 0x85EBCA6B;
    private static final Comparator<TopicPart> ORDER = Comparator.comparing(TopicPart::topic)
            .thenComparingInt(TopicPart::index);

    @Override
    public int compareTo(TopicPart other) {
        return ORDER.compare(this, other);
    }

    /**
     * Differs for the partitions of topics with similar names, which the hash code of a record does
     * not: {@code t-1} partition 31 and {@code t-2} partition 0.
     */
    @Override
    public int hashCode() {
        return TOPIC_FACTOR * topic.hashCode() + INDEX_FACTOR * index;
    }

    @Override
    public String toString() {
        return topic + "-" + index;
    }
}
