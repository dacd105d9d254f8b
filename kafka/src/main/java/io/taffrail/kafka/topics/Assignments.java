package io.taffrail.kafka.topics;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * Check of manual replica assignments; on a single node only the assignment to this node is valid.
 */
final class Assignments {

    private Assignments() {}

    /**
     * The reason why a partition cannot be assigned to these brokers, in Kafka's words; empty if it
     * can.
     */
    static Optional<TopicRefusal> problem(List<Integer> brokers, int nodeId) {
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

    private static Optional<TopicRefusal> refuse(String message) {
        return Optional.of(new TopicRefusal(Errors.INVALID_REPLICA_ASSIGNMENT, message));
    }
}
