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
     * As {@link #cancel}, but what was published to the queue before this call is still delivered
     * as far as the consumer takes it; {@code cancelledNow} runs then, perhaps before this returns.
     */
    void cancelAfterPublished(Runnable cancelledNow);

    /**
     * As {@link #cancel}, and what is not settled goes back to its place, marked as redelivered.
     */
    void close();

    /** Bytes that are usually read ahead for this consumer alone; 0 where all share a window. */
    default int readAheadBytes() {
        return 0;
    }

    /** The queue's name. */
    String queue();
}
