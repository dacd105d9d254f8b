package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;

/**
 * The protocol head's end of a subscription, which receives messages. Called on the owner thread
 * only.
 */
public interface Consumer {

    /**
     * Whether the consumer takes a delivery now. After {@code false} the queue asks again only when
     * {@link Subscription#resume} was called.
     */
    boolean isReady();

    /**
     * Takes a delivery, which may be settled during the call.
     *
     * @param delivery
     *            kept until it is settled; already settled if the consumer does not acknowledge
     * @param message
     *            valid during the call only
     */
    void deliver(Delivery delivery, StoredMessage message);

    /** Ends the deliveries of this turn: buffered output can be flushed. */
    void delivered();

    /**
     * The consumer has held a delivery for longer than {@code limitMs} milliseconds. The queue
     * takes no action of its own.
     */
    default void timedOut(long limitMs) {
        // By default the consumer keeps the delivery.
    }

    /**
     * The queue ends the subscription, because it was deleted or can no longer be read. Unsettled
     * deliveries are no longer held: they were requeued, stay in the quarantined queue, or were
     * deleted with it.
     */
    void cancelled();
}
