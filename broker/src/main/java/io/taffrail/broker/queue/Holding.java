package io.taffrail.broker.queue;

/** Somebody who holds deliveries without being a queue's consumer. Owner thread only. */
public interface Holding {

    /** Whether anything is not settled yet. */
    boolean isHolding();

    /**
     * Tells whom it is of if the oldest has been held for too long.
     *
     * @param usualMs
     *            how long it may be, where nothing else is said; 0: for ever
     */
    void check(long usualMs, long nowMs);
}
