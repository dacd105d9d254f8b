package io.taffrail.verify.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order and times of faults: every kind occurs once, in random order,
 * before any kind is repeated.
 */
public final class Schedule {

    private final List<Fault> kinds;
    private final List<Fault> next = new ArrayList<>();
    private final Duration every;
    private final Random random;

    /**
     * Creates a schedule.
     *
     * @param every
     *            mean time from the end of one fault to the next one
     */
    public Schedule(Collection<Fault> kinds, Duration every, Random random) {
        this.kinds = kinds.stream().sorted().toList();
        this.every = every;
        this.random = random;
    }

    public boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** Returns the time until the next fault, uniformly from 0.5 to 1.5 times the mean. */
    public Duration nextPause() {
        return Duration.ofNanos((long) (every.toNanos() * (0.5 + random.nextDouble())));
    }

    public Fault nextFault() {
        if (next.isEmpty()) {
            next.addAll(kinds);
            Collections.shuffle(next, random);
        }
        return next.removeLast();
    }
}
