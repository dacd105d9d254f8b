package io.taffrail.simulation.world;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;

/** Time that passes only when the world lets it. */
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

    /** It passes in the world of all: timers are moved with it, and nobody has to be told. */
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
