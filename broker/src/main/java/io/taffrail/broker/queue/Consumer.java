package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;

/** Who is given messages: a head's end of a subscription. Called on the owner thread only. */
public interface Consumer {

    /**
     * Whether it takes a delivery now. After a {@code false} the queue asks again only when
     * {@link Subscription#resume} was called.
     */
    boolean isReady();

    /**
     * Takes a delivery. It may be settled during the call.
     *
     * @param delivery
     *            to be kept until it is settled; already settled where the consumer does not
     *            acknowledge
     * @param message
     *            valid during the call only
     */
    void deliver(Delivery delivery, StoredMessage message);

    /** No more deliveries follow in this turn: time to flush. */
    void delivered();

    /**
     * It holds a delivery for longer than the queue lets it, {@code limitMs} milliseconds; what
     * follows from that is its own business.
     */
    default void timedOut(long limitMs) {
        // Holds on.
    }

    /**
     * The queue ends the subscription: it was deleted or cannot be read any more. What is not
     * settled has gone back, or away.
     */
    void cancelled();
}
