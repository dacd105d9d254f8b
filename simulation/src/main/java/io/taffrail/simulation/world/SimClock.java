package io.taffrail.simulation.world;

import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only when the world lets it. */
public final class SimClock implements InstantSource {

    private static final long BEGIN_MS = 1_700_000_000_000L;

    private long nowMs = BEGIN_MS;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public long millis() {
        return nowMs;
    }

    void moveTo(long ms) {
        nowMs = Math.max(nowMs, ms);
    }
}
