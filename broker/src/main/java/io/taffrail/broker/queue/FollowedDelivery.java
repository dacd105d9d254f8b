package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;

/** The follower of one delivery, told how it ends. Called on the owner's thread. */
public interface FollowedDelivery {

    /** The fate of the message of a delivery that failed. */
    enum Fate {
        /** The follower has taken the message, which leaves the queue. */
        TAKEN,
        /** The message is dead-lettered, or dropped. */
        GIVEN_UP,
        /** The message is ready again. */
        BACK
    }

    /** Number of the attempt, shown to the consumer. */
    int attempt();

    /** The delivery was acknowledged; false if that cannot be recorded, and the message stays. */
    boolean accepted();

    /** The message was only looked at, and is ready again. */
    void putBack();

    /**
     * The delivery was rejected or requeued, or its consumer is gone.
     *
     * @param rejected
     *            whether the consumer said that it will not succeed
     */
    Fate failed(StoredMessage message, boolean rejected);
}
