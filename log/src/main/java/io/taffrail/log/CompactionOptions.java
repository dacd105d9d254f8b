package io.taffrail.log;

import java.time.Duration;

/**
 * Compaction settings of one log. Each has the meaning of Kafka's topic setting of the same name.
 *
 * @param enabled
 *            true if {@code cleanup.policy} contains {@code compact}
 * @param minDirtyRatio
 *            {@code min.cleanable.dirty.ratio}, 0 to 1
 * @param minLag
 *            {@code min.compaction.lag.ms}: records younger than this are not compacted
 * @param maxLag
 *            {@code max.compaction.lag.ms}: a log with an uncompacted record older
 *            than this is compacted whatever its dirty ratio
 * @param deleteRetention
 *            {@code delete.retention.ms}: time for which a tombstone stays readable
 */
public record CompactionOptions(boolean enabled, double minDirtyRatio, Duration minLag,
        Duration maxLag,
        Duration deleteRetention) {

    /** Compaction switched off; the other values are Kafka's defaults. */
    public static CompactionOptions off() {
        return new CompactionOptions(false, 0.5, Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE),
                Duration.ofDays(1));
    }
}
