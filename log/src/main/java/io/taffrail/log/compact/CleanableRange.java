package io.taffrail.log.compact;

import io.taffrail.log.CompactionOptions;
import java.util.List;

/**
 * The range of offsets that the next cleaning round may clean: from the end of the previous round
 * to the first segment that must not be cleaned.
 *
 * @param firstDirty
 *            first offset that has not been cleaned
 * @param end
 *            base offset of the first segment that must not be cleaned; {@code firstDirty}
 *            if nothing can be cleaned
 * @param cleanBytes
 *            size of the segments that end at or below {@code firstDirty}
 * @param dirtyBytes
 *            size of the segments between {@code firstDirty} and {@code end}
 * @param overdue
 *            true if a segment in the range is older than {@code max.compaction.lag.ms}
 */
public record CleanableRange(long firstDirty, long end, long cleanBytes, long dirtyBytes,
        boolean overdue) {

    /** Returns the dirty bytes divided by all bytes below {@code end}; 0 to 1. */
    public double dirtyRatio() {
        long all = cleanBytes + dirtyBytes;
        return all == 0 ? 0 : (double) dirtyBytes / all;
    }

    /** Returns whether the range is due for cleaning. */
    public boolean isDue(CompactionOptions options) {
        return options.enabled() && dirtyBytes > 0
                && (overdue || dirtyRatio() > options.minDirtyRatio());
    }

    /**
     * Computes the range of a log.
     *
     * @param segments
     *            all segments in order; the last one is active and is never cleaned
     * @param cleanedUpTo
     *            end of the previous round; 0 if there was none. A value outside the log
     *            counts as its start
     * @param lastStableOffset
     *            first offset that must not be cleaned
     * @param nowMs
     *            the current time in milliseconds since the epoch
     */
    public static CleanableRange of(List<SegmentFacts> segments, long cleanedUpTo,
            long lastStableOffset, CompactionOptions options, long nowMs) {
        if (segments.isEmpty()) {
            return new CleanableRange(0, 0, 0, 0, false);
        }
        SegmentFacts active = segments.getLast();
        long start = segments.getFirst().baseOffset();
        long firstDirty = cleanedUpTo < start || cleanedUpTo > active.endOffset()
                ? start
                : cleanedUpTo;
        long end = Math.max(firstDirty,
                end(segments, firstDirty, lastStableOffset, options, nowMs));
        long cleanBytes = 0;
        long dirtyBytes = 0;
        for (SegmentFacts segment : segments) {
            if (segment.endOffset() <= firstDirty) {
                cleanBytes += segment.sizeBytes();
            } else if (segment.baseOffset() < end && firstDirty < end) {
                // The previous round may have ended inside a segment that must not be cleaned now.
                dirtyBytes += segment.sizeBytes();
            }
        }
        return new CleanableRange(firstDirty, end, cleanBytes, dirtyBytes,
                isOverdue(segments, firstDirty, end, options, nowMs));
    }

    private static long end(List<SegmentFacts> segments, long firstDirty, long lastStableOffset,
            CompactionOptions options, long nowMs) {
        long youngMs = options.minLag().isZero()
                ? Long.MAX_VALUE
                : nowMs - options.minLag().toMillis();
        for (SegmentFacts segment : segments) {
            boolean open = segment.endOffset() > lastStableOffset;
            boolean young = segment.endOffset() > firstDirty
                    && segment.largestTimestampMs() > youngMs;
            if (open || young) {
                return Math.min(segment.baseOffset(), segments.getLast().baseOffset());
            }
        }
        return segments.getLast().baseOffset();
    }

    private static boolean isOverdue(List<SegmentFacts> segments, long firstDirty, long end,
            CompactionOptions options, long nowMs) {
        long maxLagMs = Math.max(options.maxLag().toMillis(), options.minLag().toMillis());
        for (SegmentFacts segment : segments) {
            if (segment.endOffset() > firstDirty && segment.baseOffset() < end
                    && segment.firstTimestampMs() > 0
                    && nowMs - segment.firstTimestampMs() > maxLagMs) {
                return true;
            }
        }
        return false;
    }
}
