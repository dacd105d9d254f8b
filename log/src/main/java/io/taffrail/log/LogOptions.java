package io.taffrail.log;

import io.taffrail.log.config.ByteSize;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Options of one log. Every option may change while the log is open, except that {@code durability}
 * cannot change to or from {@link Durability#MEMORY}.
 *
 * @param durability
 *            durability that an append must reach before it is acknowledged
 * @param segmentBytes
 *            maximum size of a segment; an append that would exceed it rolls the segment first
 * @param segmentAge
 *            maximum age of a segment's first record; the next append after that rolls the segment
 * @param indexIntervalBytes
 *            bytes of batches between two index entries, approximately
 * @param retentionBytes
 *            minimum size that retention leaves: the oldest segment is dropped while the others
 *            hold at least this many bytes; empty for no limit
 * @param retentionMs
 *            age in milliseconds of a segment's newest record after which the segment is dropped;
 *            empty for no limit
 * @param deleteRetained
 *            true if retention drops old segments (Kafka's
 *            {@code cleanup.policy} contains {@code delete})
 * @param compaction
 *            settings of compaction
 * @param producerExpiry
 *            time after a producer's last append at which the log forgets its sequence
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

    /** Kafka's defaults, with every append forced to disk. */
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
