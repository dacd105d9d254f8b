package io.taffrail.broker.queue;

/**
 * One message in the hands of a consumer, until it is settled by one of {@link #accept},
 * {@link #requeue} and {@link #reject}; settling what is settled, or what went back when its queue
 * or subscription closed, does nothing. Owner thread only.
 */
public interface Delivery {

    /** The queue's name. */
    String queue();

    /** Place in the queue's log. */
    long offset();

    /** Whether it may have been delivered before. */
    boolean redelivered();

    /** Whether nothing is left to be settled. */
    boolean isSettled();

    /** Done: never delivered again, once the settlement is durable. */
    void accept();

    /** Back to its place. */
    void requeue();

    /** Given up: to the dead-letter exchange, or away. */
    void reject();
}
