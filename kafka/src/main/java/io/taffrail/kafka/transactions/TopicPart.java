package io.taffrail.kafka.transactions;

import java.util.Comparator;

/**
 * A partition that a transaction includes. Comparable, so that hash sets stay fast if clients
 * choose names of equal hashes.
 */
record TopicPart(String topic, int index) implements Comparable<TopicPart> {

    private static final Comparator<TopicPart> ORDER = Comparator.comparing(TopicPart::topic)
            .thenComparingInt(TopicPart::index);

    @Override
    public int compareTo(TopicPart other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + index;
    }
}
