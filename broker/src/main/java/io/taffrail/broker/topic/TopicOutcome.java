package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerError;

/** The result of a change to the catalog. */
public sealed interface TopicOutcome {

    /**
     * The change is durable and visible.
     *
     * @param topic
     *            the topic after the change; for a deletion, before it
     */
    record Done(Topic topic) implements TopicOutcome {}

    /**
     * Nothing was changed.
     *
     * @param detail
     *            a reason for people to read
     */
    record Refused(BrokerError error, String detail) implements TopicOutcome {}
}
