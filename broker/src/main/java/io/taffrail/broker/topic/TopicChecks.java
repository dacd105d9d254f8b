package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.BrokerError;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import java.util.Map;
import java.util.Optional;

/**
 * The checks of requests that change topics. Safe for any thread; a result holds only for the
 * moment of the check.
 */
final class TopicChecks {

    private final LiveTopics live;
    private final TopicConfigs configs;
    private final BrokerConfig brokerConfig;

    TopicChecks(LiveTopics live, TopicConfigs configs, BrokerConfig brokerConfig) {
        this.live = live;
        this.configs = configs;
        this.brokerConfig = brokerConfig;
    }

    /** The reason why the topic cannot be created, if there is one. */
    Optional<Refused> creation(NewTopic topic) {
        if (live.find(topic.name()).isPresent()) {
            return refuse(BrokerError.TOPIC_EXISTS, "Topic '" + topic.name() + "' already exists.");
        }
        Optional<String> badName = TopicNames.problem(topic.name());
        if (badName.isPresent()) {
            return refuse(BrokerError.INVALID_TOPIC_NAME, badName.get());
        }
        Optional<String> collision = live.collision(topic.name());
        if (collision.isPresent()) {
            return refuse(BrokerError.INVALID_TOPIC_NAME, "Topic '" + topic.name()
                    + "' collides with existing topic: " + collision.get());
        }
        if (topic.partitions() < 1) {
            return refuse(BrokerError.INVALID_PARTITION_COUNT,
                    "Number of partitions was set to an invalid non-positive value.");
        }
        Optional<String> queue = LiveHosting.collision(live, topic.name(), topic.partitions());
        if (queue.isPresent()) {
            return refuse(BrokerError.INVALID_TOPIC_NAME, queue.get());
        }
        Optional<Refused> full = room(topic.partitions());
        if (full.isPresent()) {
            return full;
        }
        try {
            configs.resolve(topic.overrides());
            return Optional.empty();
        } catch (InvalidSettingException e) {
            return refuse(BrokerError.INVALID_TOPIC_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    /** The reason why the topic cannot have {@code count} partitions, if there is one. */
    Optional<Refused> partitions(String name, int count) {
        Optional<Topic> topic = live.find(name);
        if (topic.isEmpty()) {
            return refuse(BrokerError.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.");
        }
        int present = topic.get().partitions().size();
        if (count < present) {
            return refuse(BrokerError.INVALID_PARTITION_COUNT, "The topic " + name
                    + " currently has " + present + " partition(s); " + count
                    + " would not be an increase.");
        }
        if (count == present) {
            return refuse(BrokerError.INVALID_PARTITION_COUNT,
                    "Topic already has " + present + " partition(s).");
        }
        Optional<String> queue = LiveHosting.problem(live, name)
                .or(() -> LiveHosting.collision(live, name, count));
        return queue.isPresent()
                ? refuse(BrokerError.INVALID_PARTITION_COUNT, queue.get())
                : room(count - present);
    }

    /** The reason why the topic cannot have these overrides, if there is one. */
    Optional<Refused> config(String name, Map<String, String> overrides) {
        Optional<Topic> topic = live.find(name);
        if (topic.isEmpty()) {
            return refuse(BrokerError.TOPIC_NOT_FOUND, "The topic '" + name + "' does not exist.");
        }
        Optional<String> queue = LiveHosting.problem(live, name);
        if (queue.isPresent()) {
            return refuse(BrokerError.INVALID_TOPIC_CONFIG, queue.get());
        }
        try {
            TopicConfig next = configs.resolve(overrides);
            return DurabilityChange.check(topic.get(), next);
        } catch (InvalidSettingException e) {
            return refuse(BrokerError.INVALID_TOPIC_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Refused> room(int more) {
        return live.partitionCount() + (long) more > brokerConfig.maxPartitions()
                ? refuse(BrokerError.PARTITION_LIMIT_REACHED, "With " + more
                        + " more partitions the broker would exceed max.partitions="
                        + brokerConfig.maxPartitions() + ".")
                : Optional.empty();
    }

    private static Optional<Refused> refuse(BrokerError error, String detail) {
        return Optional.of(new Refused(error, detail));
    }
}
