package io.taffrail.log.compact;

/**
 * The properties of a segment that compaction needs.
 *
 * @param baseOffset
 *            first offset of the segment
 * @param endOffset
 *            base offset of the next segment; for the active segment, the log's next offset
 * @param sizeBytes
 *            size of the segment in bytes
 * @param firstTimestampMs
 *            largest timestamp of the first batch; -1 if there is none
 * @param largestTimestampMs
 *            largest timestamp of all batches; if they have none, the time of the last write
 */
public record SegmentFacts(long baseOffset, long endOffset, long sizeBytes, long firstTimestampMs,
        long largestTimestampMs) {}
