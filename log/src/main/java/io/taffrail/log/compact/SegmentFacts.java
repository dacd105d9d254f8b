package io.taffrail.log.compact;

/**
 * What compaction asks of a segment.
 *
 * @param baseOffset
 *            its first offset
 * @param endOffset
 *            first offset of the segment after it
 * @param firstTimestampMs
 *            largest timestamp of its first batch, -1 for none
 * @param largestTimestampMs
 *            of all its batches; where they have none, when it was last written
 */
public record SegmentFacts(long baseOffset, long endOffset, long sizeBytes, long firstTimestampMs,
        long largestTimestampMs) {}
