package io.taffrail.broker.queue;

/** A consumer's place at a queue. Owner thread only. */
public interface Subscription {

    /** The consumer is ready again. Deliveries may come before this returns. */
    void resume();

    /**
     * No more deliveries from now on. What is unsettled stays so: it is settled, or given back with
     * {@link #close}. Cancelling twice is allowed.
     */
    void cancel();

    /**
     * As {@link #cancel}, and what is not settled goes back to its place, marked as redelivered.
     */
    void close();

    /** The queue's name. */
    String queue();
}
