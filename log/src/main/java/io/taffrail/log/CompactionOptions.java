package io.taffrail.log;

import java.time.Duration;

/**
 * When and how a log is compacted, with the meaning of Kafka's topic settings of the same names.
 *
 * @param enabled
 *            {@code cleanup.policy} contains compact
 * @param minDirtyRatio
 *            {@code min.cleanable.dirty.ratio}, 0 to 1
 * @param minLag
 *            {@code min.compaction.lag.ms}: younger records are left alone
 * @param maxLag
 *            {@code max.compaction.lag.ms}: cleaning is forced for records older than this
 * @param deleteRetention
 *            {@code delete.retention.ms}: how long a tombstone stays readable
 */
public record CompactionOptions(boolean enabled, double minDirtyRatio, Duration minLag,
        Duration maxLag,
        Duration deleteRetention) {

    /** No compaction; the other values are Kafka's defaults. */
    public static CompactionOptions off() {
        return new CompactionOptions(false, 0.5, Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE),
                Duration.ofDays(1));
    }
}
