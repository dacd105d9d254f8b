package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import io.taffrail.log.Durability;
import java.util.Optional;

/** The check of durability changes: a log cannot change to or from {@code memory} durability. */
final class DurabilityChange {

    private DurabilityChange() {}

    static Optional<Refused> check(TopicConfig before, TopicConfig after) {
        boolean was = before.log().durability() == Durability.MEMORY;
        boolean will = after.log().durability() == Durability.MEMORY;
        return was == will
                ? Optional.empty()
                : Optional.of(new Refused(BrokerError.INVALID_TOPIC_CONFIG,
                        "The durability of a topic cannot change to or from memory;"
                                + " create another topic"));
    }
}
