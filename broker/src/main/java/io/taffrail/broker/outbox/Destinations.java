package io.taffrail.broker.outbox;

import io.taffrail.log.LogId;
import java.util.Optional;

/** The lookup of logs that outboxes send messages to. Safe for any thread. */
@FunctionalInterface
public interface Destinations {

    /** The current destination with this log id; empty if the log no longer exists. */
    Optional<OutboxDestination> find(LogId id);
}
