package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerError;

/** What became of a change to the catalog. */
public sealed interface TopicOutcome {

    /**
     * The change is durable and visible.
     *
     * @param topic
     *            as it is now; for a deletion, as it was
     */
    record Done(Topic topic) implements TopicOutcome {}

    /**
     * Nothing was changed.
     *
     * @param detail
     *            for a person
     */
    record Refused(BrokerError error, String detail) implements TopicOutcome {}
}
