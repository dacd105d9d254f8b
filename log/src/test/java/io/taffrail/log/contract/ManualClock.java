package io.taffrail.log.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when a test moves it. */
public final class ManualClock implements InstantSource {

    /** The clock's initial time. */
    public static final long START_MS = 1_700_000_000_000L;

    private final AtomicLong nowMs = new AtomicLong(START_MS);

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs.get());
    }

    public void advance(Duration by) {
        nowMs.addAndGet(by.toMillis());
    }
}
