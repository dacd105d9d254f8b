package io.taffrail.broker.topic;

import java.util.Map;

/**
 * A topic to be created.
 *
 * @param partitions
 *            at least 1
 * @param overrides
 *            settings by Kafka's names; those left out follow the broker's
 * @param internal
 *            kept by the broker for itself
 */
public record NewTopic(String name, int partitions, Map<String, String> overrides,
        boolean internal) {

    /** A topic for users. */
    public static NewTopic of(String name, int partitions, Map<String, String> overrides) {
        return new NewTopic(name, partitions, overrides, false);
    }
}
