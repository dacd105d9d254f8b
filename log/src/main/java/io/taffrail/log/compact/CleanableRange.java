package io.taffrail.log.compact;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a log that the next round may clean: from where the last one ended to the first
 * segment
 * that must be left alone.
 *
 * @param firstDirty
 *            first offset not cleaned yet
 * @param end
 *            where the first segment begins that may not be cleaned; {@code firstDirty} if there is
 *            nothing before it
 * @param cleanBytes
 *            bytes of segments that end below {@code firstDirty}
 * @param dirtyBytes
 *            bytes of those between the two
 * @param overdue
 *            whether some of it is older than the largest lag allowed
 */
public record CleanableRange(long firstDirty, long end, long cleanBytes, long dirtyBytes,
        boolean overdue) {

    /** Bytes that may be cleaned as a part of all below {@code end}; 0 to 1. */
    public double dirtyRatio() {
        long all = cleanBytes + dirtyBytes;
        return all == 0 ? 0 : (double) dirtyBytes / all;
    }

    /** Whether cleaning it is due. */
    public boolean isDue(CompactionOptions options) {
        return options.enabled() && dirtyBytes > 0
                && (overdue || dirtyRatio() > options.minDirtyRatio());
    }

    /**
     * The range of a log.
     *
     * @param segments
     *            all of them, in order; the last is active and never cleaned
     * @param cleanedUpTo
     *            where the last round ended, 0 if there was none; outside the log it counts as its
     *            start
     * @param lastStableOffset
     *            nothing at or after it is cleaned
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
                // A round may have ended within a segment that may not be cleaned further now.
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

    /**
     * Age at which the active segment is to be rolled by the next append: a compacted log rolls in
     * time for {@code max.compaction.lag.ms}.
     */
    public static long rollAfterMs(LogOptions options) {
        long segmentAgeMs = options.segmentAge().toMillis();
        return options.compaction().enabled()
                ? Math.min(segmentAgeMs, options.compaction().maxLag().toMillis())
                : segmentAgeMs;
    }

    /**
     * Runs of segments to be cleaned into one each: as many as fit a segment's size and an
     * {@code int} of offsets.
     *
     * @param end
     *            segments that begin at or after it are left out
     */
    public static List<List<SegmentFacts>> groups(List<SegmentFacts> segments, long end,
            long segmentBytes) {
        List<List<SegmentFacts>> groups = new ArrayList<>();
        List<SegmentFacts> group = new ArrayList<>();
        long groupBytes = 0;
        for (SegmentFacts segment : segments) {
            if (segment.baseOffset() >= end) {
                break;
            }
            boolean fits = groupBytes + segment.sizeBytes() <= segmentBytes
                    && (group.isEmpty() || segment.endOffset() - 1
                            - group.getFirst().baseOffset() <= Integer.MAX_VALUE);
            if (!group.isEmpty() && !fits) {
                groups.add(List.copyOf(group));
                group.clear();
                groupBytes = 0;
            }
            group.add(segment);
            groupBytes += segment.sizeBytes();
        }
        if (!group.isEmpty()) {
            groups.add(List.copyOf(group));
        }
        return groups;
    }
}
