package io.taffrail.log.local.journal;

import io.taffrail.log.spi.EngineFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Times that the journal's thread took to write and force groups. That thread alone counts; any
 * thread may read. A clock that is set back counts as no time.
 */
final class ForceTimes {

    private static final int CLASSES = EngineFigures.classesUs().length + 1;
    private static final long NS_PER_US = 1_000;

    private final InstantSource clock;
    private final AtomicLongArray classes = new AtomicLongArray(CLASSES);
    private volatile long groups;
    private volatile long totalUs;

    ForceTimes(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Counts a group. Journal's thread only. */
    void forced(Instant begun) {
        long us = Math.max(0, Duration.between(begun, now()).toNanos() / NS_PER_US);
        int index = EngineFigures.classOf(us);
        classes.lazySet(index, classes.get(index) + 1);
        long sum = totalUs + us;
        totalUs = sum;
        long count = groups + 1;
        groups = count;
    }

    EngineFigures.Journal figures(long bytes) {
        long[] copy = new long[CLASSES];
        for (int index = 0; index < CLASSES; index++) {
            copy[index] = classes.get(index);
        }
        return new EngineFigures.Journal(groups, bytes, totalUs, copy);
    }
}
