package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;

/** The receiver of the result of a single get. Called on the owner thread. */
public interface Getter {

    /**
     * Takes the message; the first two arguments are as in {@link Consumer#deliver}.
     *
     * @param left
     *            number of messages still ready in the queue
     */
    void got(Delivery delivery, StoredMessage message, long left);

    /** The queue has no ready message. */
    void empty();
}
