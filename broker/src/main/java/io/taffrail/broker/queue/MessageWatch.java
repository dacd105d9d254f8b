package io.taffrail.broker.queue;

import io.taffrail.broker.message.StoredMessage;
import org.jspecify.annotations.Nullable;

/**
 * A follower of the messages of one queue, such as the jobs that some of them are. The queue calls
 * it on the owner's thread. State that the watch stores during a call is stored together with the
 * queue's own change, or not at all.
 */
public interface MessageWatch {

    /** The verdict on a message that would be handed out next. */
    enum Verdict {
        /** Hand it out. */
        PASS,
        /** Settle it without handing it out: it was dealt with elsewhere. */
        DROP,
        /** Dead-letter it, or drop it where the queue has no dead-letter exchange. */
        GIVE_UP,
        /** Hand out nothing for now. */
        HOLD
    }

    /** Judges a message that would be handed out next. */
    Verdict judge(StoredMessage message);

    /**
     * Tells that a message is being handed out.
     *
     * @param worker
     *            the consumer and its connection, for people to read
     * @return the follower of this delivery; null if the message is not followed
     */
    @Nullable
    FollowedDelivery handedOut(StoredMessage message, Delivery delivery, String worker);

    /** Tells that a message leaves the queue after {@link Verdict#DROP}. */
    void dropped(StoredMessage message);

    /**
     * Tells that the queue gives up a message that was not handed out.
     *
     * @param reason
     *            as in {@code x-death}: {@code expired} or {@code maxlen}
     */
    void gaveUp(StoredMessage message, String reason);

    /** A number that grows with each followed message that arrives in a queue of the host. */
    long arrivals();

    /** Tells that all messages were purged that were ready when this was the last arrival. */
    void purged(long lastArrival);

    /** Tells that deliveries can no longer be settled: the queue is out of use. */
    void interrupted();

    /** Tells that the queue was deleted with its messages. */
    void deleted();
}
