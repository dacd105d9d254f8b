package io.taffrail.broker.queue;

/**
 * A holder of unsettled deliveries that is not a consumer of a queue: a channel with deliveries
 * from single gets, or a consumer that left. Owner thread only.
 */
public interface Holding {

    /** Whether a delivery is still unsettled. */
    boolean isHolding();

    /**
     * Reports a consumer time-out if the oldest delivery has been held for too long.
     *
     * @param usualMs
     *            time-out in milliseconds where the queue and the consumer set none; 0: none
     */
    void check(long usualMs, long nowMs);
}
