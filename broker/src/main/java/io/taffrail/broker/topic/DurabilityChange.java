package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import io.taffrail.log.Durability;
import java.util.Optional;

/**
 * The check of durability changes. A log cannot change to or from {@code memory} durability. An
 * internal topic that was created with {@code fsync} keeps it, whatever the default for topics is:
 * other topics rely on what it stores.
 */
final class DurabilityChange {

    private DurabilityChange() {}

    static Optional<Refused> check(Topic topic, TopicConfig after) {
        TopicConfig before = topic.config();
        if (topic.internal() && isPinned(before) && !isPinned(after)) {
            return Optional.of(new Refused(BrokerError.INVALID_TOPIC_CONFIG,
                    "The durability of the internal topic " + topic.name()
                            + " cannot be lowered from fsync"));
        }
        boolean was = before.log().durability() == Durability.MEMORY;
        boolean will = after.log().durability() == Durability.MEMORY;
        return was == will
                ? Optional.empty()
                : Optional.of(new Refused(BrokerError.INVALID_TOPIC_CONFIG,
                        "The durability of a topic cannot change to or from memory;"
                                + " create another topic"));
    }

    private static boolean isPinned(TopicConfig config) {
        return DurabilityNames.durability(config.overrides(),
                Durability.OS) == Durability.FSYNC;
    }
}
