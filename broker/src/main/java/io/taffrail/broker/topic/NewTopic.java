package io.taffrail.broker.topic;

import java.util.Map;

/**
 * A topic to be created.
 *
 * @param partitions
 *            at least 1
 * @param overrides
 *            settings by Kafka's names; others follow the broker's defaults
 * @param internal
 *            whether it is one of the broker's own topics
 */
public record NewTopic(String name, int partitions, Map<String, String> overrides,
        boolean internal) {

    /** A topic for users. */
    public static NewTopic of(String name, int partitions, Map<String, String> overrides) {
        return new NewTopic(name, partitions, overrides, false);
    }
}
