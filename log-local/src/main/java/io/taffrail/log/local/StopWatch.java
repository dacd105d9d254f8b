package io.taffrail.log.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadline of a stop: the time left, and a list of work that did not complete in time.
 * Not thread-safe.
 */
final class StopWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StopWatch.class);

    private final InstantSource clock;
    private final long dueMs;
    private final long wholeMs;
    private final List<String> undone = new ArrayList<>();

    StopWatch(InstantSource clock, Duration deadline) {
        this.clock = clock;
        this.wholeMs = deadline.toMillis();
        this.dueMs = clock.millis() + wholeMs;
    }

    /** Time left; at least 0 and at most the whole deadline, even if the clock is set. */
    Duration left() {
        return Duration.ofMillis(Math.clamp(dueMs - clock.millis(), 0, wholeMs));
    }

    /** Records {@code what} as unfinished unless {@code done}; returns {@code done}. */
    boolean note(boolean done, String what) {
        if (!done) {
            LOG.warn("ENG-013 the stop leaves undone: {}", what);
            undone.add(what);
        }
        return done;
    }

    List<String> undone() {
        return List.copyOf(undone);
    }
}
