package io.taffrail.simulation.world;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;

/**
 * The simulated clock; it moves only when the scheduler moves it. A test may set the time of day
 * forward or back; elapsed time, and with it every timer, is not affected.
 */
public final class SimClock implements TimeSource {

    private static final long BEGIN_MS = 1_700_000_000_000L;
    private static final long NS_OF_MS = 1_000_000;

    private long elapsedMs;
    /** Difference between the time of day and {@link #BEGIN_MS} plus the elapsed time. */
    private long setAheadMs;
    private long latestMs = BEGIN_MS;
    private long setBackMs;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return BEGIN_MS + elapsedMs + setAheadMs;
    }

    @Override
    public long nanoTime() {
        return elapsedMs * NS_OF_MS;
    }

    /** Elapsed time in milliseconds. */
    long elapsedMs() {
        return elapsedMs;
    }

    /** The latest time of day so far, in milliseconds since 1970. */
    public long latestMs() {
        return latestMs;
    }

    /** Sum of the steps by which the time of day was set back, in milliseconds. */
    public long setBackMs() {
        return setBackMs;
    }

    /** Sets the time of day forward, or back if {@code ms} is less than 0. */
    public void set(long ms) {
        setAheadMs += ms;
        setBackMs -= Math.min(0, ms);
        latestMs = Math.max(latestMs, millis());
    }

    /** False: timers follow this clock, so no listener needs to be told. */
    @Override
    public boolean jumps() {
        return false;
    }

    @Override
    public Registration onJump(Runnable listener) {
        return () -> {};
    }

    /** Moves the elapsed time, and the time of day with it. */
    void moveTo(long newElapsedMs) {
        elapsedMs = Math.max(elapsedMs, newElapsedMs);
        latestMs = Math.max(latestMs, millis());
    }
}
