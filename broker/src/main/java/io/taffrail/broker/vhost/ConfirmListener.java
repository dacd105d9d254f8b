package io.taffrail.broker.vhost;

/**
 * A listener for the outcome of messages that a {@link Publisher} took. Called on the owner thread,
 * in the order of tags, once for a whole group of messages.
 */
public interface ConfirmListener {

    /** A listener for messages whose publisher learns of their outcome in another way. */
    ConfirmListener NOBODY = new ConfirmListener() {
        @Override
        public void rejected(long tag) {
            // Known by the publisher.
        }

        @Override
        public void confirmed(long upToTag) {
            // Known by the publisher.
        }
    };

    /**
     * The message was not stored: a queue refused it, or storing failed. Called before
     * {@link #confirmed}.
     */
    void rejected(long tag);

    /**
     * Every message up to this tag that was not rejected is durable in each of its queues, or was
     * not routed to any.
     */
    void confirmed(long upToTag);

    /**
     * One of the methods above threw. Outcomes may be missing, and no more follow, because a later
     * confirm of several messages would include the missing ones. The publisher has to learn of
     * this in another way, such as a closed channel.
     */
    default void failed(Throwable cause) {
        // By default a publisher is not told, and its outstanding confirms never come.
    }
}
