package io.taffrail.broker.queue;

/** A consumer's registration at a queue. Owner thread only. */
public interface Subscription {

    /** Tells the queue that the consumer is ready again. Deliveries may be made during the call. */
    void resume();

    /**
     * Ends the deliveries. Unsettled deliveries stay in flight: they are settled one by one, or
     * requeued by {@link #close}. Cancelling twice is allowed.
     */
    void cancel();

    /**
     * As {@link #cancel}, but messages published to the queue before this call are still delivered
     * as far as the consumer takes them; {@code cancelledNow} runs after that, perhaps during the
     * call.
     */
    void cancelAfterPublished(Runnable cancelledNow);

    /**
     * As {@link #cancel}, and requeues unsettled deliveries at their original positions, marked as
     * redelivered.
     */
    void close();

    /** Bytes usually read ahead for this consumer alone; 0 where all consumers share a window. */
    default int readAheadBytes() {
        return 0;
    }

    /** Whether the queue serves this consumer, or serves another one alone. */
    default boolean isActive() {
        return true;
    }

    /** The queue's name. */
    String queue();
}
