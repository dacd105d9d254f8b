package io.taffrail.log;

import io.taffrail.log.config.ByteSize;
import java.time.Duration;

/**
 * Settings of compaction that are common to all logs of an engine. They can change while the engine
 * runs.
 *
 * @param threads
 *            {@code log.cleaner.threads}: number of logs that are compacted at a time; at least 1
 * @param bytesPerSecond
 *            {@code log.cleaner.io.max.bytes.per.second}: bytes that all threads together read and
 *            write per second; above 0
 * @param backoff
 *            {@code log.cleaner.backoff.ms}: interval at which logs are checked
 * @param dedupeBuffer
 *            {@code log.cleaner.dedupe.buffer.size}: memory for the keys of all rounds at one time
 */
public record CleanerSettings(int threads, double bytesPerSecond, Duration backoff,
        ByteSize dedupeBuffer) {

    /** Largest number of threads. */
    public static final int MOST_THREADS = 64;

    /** Smallest memory of one thread. */
    public static final ByteSize LEAST_BUFFER = new ByteSize(64);

    /** Shortest interval at which logs are checked. */
    public static final Duration SHORTEST_BACKOFF = Duration.ofMillis(10);

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final ByteSize LARGEST_BUFFER = ByteSize.mebibytes(1 << 20);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException
     *             if one is out of bounds; the message names the setting
     */
    public CleanerSettings {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("log.cleaner.threads: Value must be 1 to %d, not %d"
                    .formatted(MOST_THREADS, threads));
        }
        if (!(bytesPerSecond > 0)) {
            throw new IllegalArgumentException("log.cleaner.io.max.bytes.per.second: Value must be"
                    + " above 0, not " + bytesPerSecond);
        }
        if (backoff.compareTo(SHORTEST_BACKOFF) < 0 || backoff.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("log.cleaner.backoff: Value must be %d ms to %d ms,"
                    .formatted(SHORTEST_BACKOFF.toMillis(), LONGEST.toMillis())
                    + " not " + milliseconds(backoff));
        }
        if (dedupeBuffer.compareTo(LEAST_BUFFER) < 0
                || dedupeBuffer.compareTo(LARGEST_BUFFER) > 0) {
            throw new IllegalArgumentException(
                    "log.cleaner.dedupe.buffer.size: Value must be %s to %s, not %s"
                            .formatted(LEAST_BUFFER, LARGEST_BUFFER, dedupeBuffer));
        }
        if (dedupeBuffer.bytes() / threads < LEAST_BUFFER.bytes()) {
            throw new IllegalArgumentException(
                    "log.cleaner.dedupe.buffer.size: Value must be %s or more for each of %d threads"
                            .formatted(LEAST_BUFFER, threads));
        }
    }

    /** A time too long for milliseconds is shown as it is. */
    private static String milliseconds(Duration time) {
        return time.compareTo(LONGEST) <= 0 ? time.toMillis() + " ms" : time.toString();
    }

    /** Kafka's defaults. */
    public static CleanerSettings defaults() {
        return new CleanerSettings(1, Double.MAX_VALUE, Duration.ofSeconds(15),
                ByteSize.mebibytes(128));
    }

    /** Memory of one thread. */
    public ByteSize bufferOfThread() {
        return new ByteSize(dedupeBuffer.bytes() / threads);
    }
}
