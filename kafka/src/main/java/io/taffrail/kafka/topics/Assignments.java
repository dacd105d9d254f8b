package io.taffrail.kafka.topics;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Replica assignments given by hand: on one node there is one that can be. */
final class Assignments {

    private Assignments() {}

    /** Why these brokers cannot hold a partition, as Kafka words it; empty if they can. */
    static Optional<Refusal> problem(List<Integer> brokers, int nodeId) {
        if (brokers.isEmpty()) {
            return refuse("The manual partition assignment includes an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (int broker : brokers) {
            if (!seen.add(broker)) {
                return refuse("The manual partition assignment includes the broker " + broker
                        + " more than once.");
            }
            if (broker != nodeId) {
                return refuse("The manual partition assignment includes broker " + broker
                        + ", but no such broker is registered.");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(String message) {
        return Optional.of(new Refusal(Errors.INVALID_REPLICA_ASSIGNMENT, message));
    }
}
