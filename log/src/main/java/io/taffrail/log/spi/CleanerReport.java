package io.taffrail.log.spi;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.LogId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of compaction in an engine, as of one moment.
 *
 * @param settings
 *            settings in force
 * @param logs
 *            logs with compaction, in the order of their ids
 * @param totals
 *            sums since the start
 * @param reservedBytes
 *            memory that the tables of keys take now
 */
public record CleanerReport(CleanerSettings settings, List<LogCleaning> logs, Totals totals,
        long reservedBytes) {

    public CleanerReport {
        logs = List.copyOf(logs);
    }

    /** The report of an engine without compaction. */
    public static CleanerReport of(CleanerSettings settings) {
        return new CleanerReport(settings, List.of(),
                new Totals(0, 0, 0, 0, 0, 0, Duration.ZERO), 0);
    }

    /** State of one log in compaction. */
    public enum State {
        /** No round; {@link LogCleaning#due} tells whether the log waits for a thread. */
        IDLE,
        /** A thread compacts the log. */
        CLEANING,
        /** A thread compacts the log and waits, to keep to the rate limit. */
        THROTTLED,
        /** The last round failed; the log is tried again at {@link LogCleaning#nextTry}. */
        BACKING_OFF,
        /** The last round failed, and an operator has to act; or the log is in quarantine. */
        UNCLEANABLE
    }

    /**
     * Compaction of one log.
     *
     * @param firstDirty
     *            first offset that has not been cleaned
     * @param cleanableEnd
     *            first offset that cannot be cleaned now
     * @param cleanBytes
     *            bytes below {@code firstDirty}
     * @param dirtyBytes
     *            bytes between {@code firstDirty} and {@code cleanableEnd}
     * @param dirtyRatio
     *            dirty bytes divided by clean and dirty bytes, 0 to 1
     * @param due
     *            true if the next free thread takes it
     * @param percent
     *            progress of the present round, 0 to 100; 0 if there is none
     * @param reason
     *            cause of {@link State#BACKING_OFF} and {@link State#UNCLEANABLE}; empty otherwise
     * @param nextTry
     *            earliest time of the next attempt in {@link State#BACKING_OFF}
     * @param lastRun
     *            last round that succeeded since the start
     * @param failures
     *            rounds that failed since the start
     */
    public record LogCleaning(LogId log, State state, long firstDirty, long cleanableEnd,
            long cleanBytes, long dirtyBytes, double dirtyRatio, boolean due, int percent,
            String reason, Optional<Instant> nextTry, Optional<Run> lastRun, long failures) {}

    /**
     * A round that succeeded.
     *
     * @param ended
     *            time of its end
     * @param took
     *            its duration
     * @param cleanedTo
     *            first offset that it did not clean
     * @param complete
     *            false if the keys did not fit into memory, so that another round follows
     * @param bytesRead
     *            bytes read, in both readings of the dirty part
     * @param bytesWritten
     *            bytes written to new segments
     * @param recordsRead
     *            records in the segments that it rewrote
     * @param recordsKept
     *            records in the new segments
     */
    public record Run(Instant ended, Duration took, long cleanedTo, boolean complete,
            long bytesRead, long bytesWritten, long recordsRead, long recordsKept) {

        public long recordsRemoved() {
            return recordsRead - recordsKept;
        }
    }

    /**
     * Sums over all logs and threads since the start.
     *
     * @param rounds
     *            rounds that succeeded
     * @param failures
     *            rounds that failed
     * @param bytesRead
     *            bytes read, also by rounds that failed
     * @param bytesWritten
     *            bytes written, also by rounds that failed
     * @param recordsRead
     *            records in rewritten segments
     * @param recordsKept
     *            records in new segments
     * @param throttled
     *            time that threads waited to keep to the rate limit
     */
    public record Totals(long rounds, long failures, long bytesRead, long bytesWritten,
            long recordsRead, long recordsKept, Duration throttled) {}
}
