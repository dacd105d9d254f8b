package io.taffrail.log.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stop within a deadline: how much time is left, and what was left undone. One thread. */
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

    /** Never negative, and never more than the whole, whatever the clock does. */
    Duration left() {
        return Duration.ofMillis(Math.clamp(dueMs - clock.millis(), 0, wholeMs));
    }

    /** Notes what was left undone, if it was; returns {@code done}. */
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
