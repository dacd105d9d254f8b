package io.taffrail.verify.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Limits one thread to a rate. A thread that falls behind catches up at most
 * {@link #MOST_BEHIND_NS}, so that no burst follows an outage.
 */
public final class Pace {

    private static final long SECOND_NS = 1_000_000_000;
    private static final long MOST_BEHIND_NS = SECOND_NS / 10;

    private final LongSupplier nanoClock;
    private final long periodNs;
    private long nextNs;

    /**
     * Creates a pace whose first operation is due at once.
     * {@code nanoClock} is a monotonic clock in nanoseconds.
     */
    public Pace(double ratePerSecond, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.periodNs = Math.max(1, (long) (SECOND_NS / ratePerSecond));
        this.nextNs = nanoClock.getAsLong();
    }

    /** Waits until the next operation is due or the thread is interrupted. */
    public void await() {
        long nowNs = nanoClock.getAsLong();
        while (nowNs < nextNs && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(nextNs - nowNs);
            nowNs = nanoClock.getAsLong();
        }
        nextNs = Math.max(nextNs + periodNs, nowNs - MOST_BEHIND_NS);
    }
}
