package io.taffrail.broker.queue;

/**
 * A message that is in flight to one consumer, until it is settled by one of {@link #accept},
 * {@link #requeue} and {@link #reject}. Settling a delivery a second time, or after its queue or
 * subscription was closed, does nothing. Owner thread only.
 */
public interface Delivery {

    /** The queue's name. */
    String queue();

    /** Offset in the queue's log. */
    long offset();

    /** Whether the message may have been delivered before. */
    boolean redelivered();

    /** Whether the delivery is settled, or its queue or subscription is closed. */
    boolean isSettled();

    /** Acknowledges the message: it is not delivered again once the settlement is durable. */
    void accept();

    /** Returns the message to its original position in the queue. */
    void requeue();

    /** Dead-letters the message, or drops it if the queue has no dead-letter exchange. */
    void reject();
}
