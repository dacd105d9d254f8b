package io.taffrail.broker.outbox;

import io.taffrail.log.LogId;
import java.util.Optional;

/** Finds the logs that outboxes hold messages for. Safe for any thread. */
@FunctionalInterface
public interface Destinations {

    /** The log of this id as it is now; empty if there is none any more. */
    Optional<Destination> find(LogId id);
}
