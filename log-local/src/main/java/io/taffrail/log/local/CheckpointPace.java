package io.taffrail.log.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times at which checkpoints are made, and the back-off after failed ones: the next attempt
 * follows after 1, 2, 4 and then every {@value #MOST_PAUSES} pauses. A pause is a second, or the
 * interval of checkpoints if that is shorter. Thread-safe.
 */
final class CheckpointPace {

    /** Largest number of pauses between two attempts. */
    static final int MOST_PAUSES = 8;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final long dueBytes;
    private final Duration interval;
    private final Duration pause;
    private int failures;
    private String cause = "";
    private @Nullable Instant since;
    private Instant lastTry = Instant.MIN;
    private Instant nextTry = Instant.MIN;

    CheckpointPace(LocalLogConfig config, InstantSource clock) {
        this.clock = clock;
        this.dueBytes = config.checkpointBytes().bytes();
        this.interval = config.checkpointInterval();
        this.pause = interval.compareTo(LONGEST_PAUSE) < 0 ? interval : LONGEST_PAUSE;
    }

    Duration interval() {
        return interval;
    }

    /** Interval at which {@link #isRetryDue} is to be asked. */
    Duration pause() {
        return pause;
    }

    /** True if that many bytes appended since the last checkpoint ask for another one. */
    boolean isDue(long appendedBytes) {
        return appendedBytes > dueBytes;
    }

    /** True unless checkpoints are in back-off. */
    synchronized boolean mayTry() {
        return failures == 0 || !clock.instant().isBefore(nextTry);
    }

    /** True if the last checkpoint failed and its back-off has elapsed. */
    synchronized boolean isRetryDue() {
        return failures > 0 && mayTry();
    }

    /** Shortens the back-off to one pause, because the cause may have gone. */
    synchronized void sooner() {
        if (failures > 0 && nextTry.isAfter(lastTry.plus(pause))) {
            nextTry = lastTry.plus(pause);
        }
    }

    /**
     * Records a failed checkpoint.
     *
     * @return true if this cause has not been reported to the operator yet
     */
    synchronized boolean failed(String why) {
        boolean news = failures == 0 || !cause.equals(why);
        if (failures == 0) {
            since = clock.instant();
        }
        cause = why;
        lastTry = clock.instant();
        nextTry = lastTry.plus(pause.multipliedBy(Math.min(MOST_PAUSES, 1 << failures)));
        failures = Math.min(failures + 1, MOST_PAUSES);
        return news;
    }

    /** Records a checkpoint; returns true if the one before had failed. */
    synchronized boolean made() {
        boolean again = failures > 0;
        failures = 0;
        since = null;
        return again;
    }

    /** The current failure, or empty. */
    synchronized Optional<Failure> failure() {
        Instant begun = since;
        return begun == null
                ? Optional.empty()
                : Optional.of(new Failure(begun, cause, nextTry));
    }

    /** Checkpoints fail since a time; the cause is that of the latest attempt. */
    record Failure(Instant since, String cause, Instant nextTry) {}
}
