package io.taffrail.verify.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Keeps one thread to a rate. Time it was held up, beyond {@link #MOST_BEHIND_NS}, is not made up
 * for, so that an outage is not followed by a flood.
 */
public final class Pace {

    private static final long SECOND_NS = 1_000_000_000;
    private static final long MOST_BEHIND_NS = SECOND_NS / 10;

    private final LongSupplier nanoClock;
    private final long periodNs;
    private long nextNs;

    public Pace(double ratePerSecond, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.periodNs = Math.max(1, (long) (SECOND_NS / ratePerSecond));
        this.nextNs = nanoClock.getAsLong();
    }

    /** Returns when the next one is due, or when the thread is interrupted. */
    public void await() {
        long nowNs = nanoClock.getAsLong();
        while (nowNs < nextNs && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(nextNs - nowNs);
            nowNs = nanoClock.getAsLong();
        }
        nextNs = Math.max(nextNs + periodNs, nowNs - MOST_BEHIND_NS);
    }
}
