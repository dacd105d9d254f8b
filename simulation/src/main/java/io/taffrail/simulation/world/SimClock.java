package io.taffrail.simulation.world;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;

/** The simulated clock; it moves only when the scheduler moves it. */
public final class SimClock implements TimeSource {

    private static final long BEGIN_MS = 1_700_000_000_000L;
    private static final long NS_OF_MS = 1_000_000;

    private long nowMs = BEGIN_MS;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public long millis() {
        return nowMs;
    }

    @Override
    public long nanoTime() {
        return nowMs * NS_OF_MS;
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

    void moveTo(long ms) {
        nowMs = Math.max(nowMs, ms);
    }
}
