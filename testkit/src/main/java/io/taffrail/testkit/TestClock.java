package io.taffrail.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The system's clock, plus what a test has advanced it by. Safe for any thread. Waiting inside the
 * broker (long polls, sessions of groups) goes by real time; this clock decides about the age of
 * what is stored.
 */
public final class TestClock implements InstantSource {

    private final InstantSource base;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private TestClock(InstantSource base) {
        this.base = base;
    }

    /** A clock that runs, and starts now. */
    public static TestClock running() {
        return new TestClock(InstantSource.system());
    }

    /** A clock that stands still but for {@link #advance}. */
    public static TestClock stoppedAt(Instant time) {
        return new TestClock(InstantSource.fixed(time));
    }

    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + by);
        }
        ahead.updateAndGet(by::plus);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead.get());
    }
}
