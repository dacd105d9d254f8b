package io.taffrail.broker.move;

import java.util.Optional;

/** Decides where a message goes. */
@FunctionalInterface
public interface MovePlan {

    /** The target of a message; empty if it stays. */
    Optional<MoveTarget> target(HeldMessage message);

    /** A plan that moves every message to one queue and changes nothing in it. */
    static MovePlan to(String queue) {
        return message -> Optional.of(new MoveTarget(queue, message.exchange(),
                message.routingKey(), message.properties()));
    }
}
