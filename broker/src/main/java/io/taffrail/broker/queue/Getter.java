package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;

/** Takes what a single get finds. Called on the owner thread. */
public interface Getter {

    /**
     * Takes the message; the first two arguments as in {@link Consumer#deliver}.
     *
     * @param left
     *            messages still ready in the queue
     */
    void got(Delivery delivery, StoredMessage message, long left);

    /** The queue holds nothing ready. */
    void empty();
}
