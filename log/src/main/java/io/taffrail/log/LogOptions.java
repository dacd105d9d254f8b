package io.taffrail.log;

import io.taffrail.log.config.ByteSize;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How one log is kept. Every value may change while the log is open, except {@code durability}'s
 * step to or from
 * {@link Durability#MEMORY}.
 *
 * @param durability
 *            what an acknowledged append has survived
 * @param segmentBytes
 *            a segment is rolled before it would exceed this size
 * @param segmentAge
 *            a segment is rolled when its first record is older than this, on the next append
 * @param indexIntervalBytes
 *            about one index entry is kept for so many bytes of batches
 * @param retentionBytes
 *            the oldest segments are dropped while the rest is at least this size; empty: no limit
 * @param retentionMs
 *            segments whose newest record is older than this are dropped; empty: no limit
 * @param deleteRetained
 *            whether retention drops old segments at all (Kafka's {@code cleanup.policy} contains
 *            delete)
 * @param compaction
 *            whether and when old records of a key are cleaned away
 * @param producerExpiry
 *            a producer's sequence is forgotten so long after its last append
 */
public record LogOptions(
        Durability durability,
        ByteSize segmentBytes,
        Duration segmentAge,
        int indexIntervalBytes,
        OptionalLong retentionBytes,
        OptionalLong retentionMs,
        boolean deleteRetained,
        CompactionOptions compaction,
        Duration producerExpiry) {

    /** Kafka's defaults, forced to disk. */
    public static LogOptions defaults() {
        return new LogOptions(Durability.FSYNC, ByteSize.mebibytes(1024), Duration.ofDays(7), 4096,
                OptionalLong.empty(), OptionalLong.of(Duration.ofDays(7).toMillis()), true,
                CompactionOptions.off(), Duration.ofDays(1));
    }

    public LogOptions withDurability(Durability value) {
        return new LogOptions(value, segmentBytes, segmentAge, indexIntervalBytes, retentionBytes,
                retentionMs,
                deleteRetained, compaction, producerExpiry);
    }

    public LogOptions withSegmentBytes(ByteSize value) {
        return new LogOptions(durability, value, segmentAge, indexIntervalBytes, retentionBytes,
                retentionMs,
                deleteRetained, compaction, producerExpiry);
    }

    public LogOptions withCompaction(CompactionOptions value) {
        return new LogOptions(durability, segmentBytes, segmentAge, indexIntervalBytes,
                retentionBytes, retentionMs,
                deleteRetained, value, producerExpiry);
    }
}
