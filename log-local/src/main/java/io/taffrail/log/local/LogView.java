package io.taffrail.log.local;

import io.taffrail.log.local.segment.Segment;

/**
 * A log as readers see it at one moment; replaced as a whole.
 *
 * @param segments
 *            in offset order; empty before the first append
 * @param startOffset
 *            first readable offset
 * @param durableEnd
 *            first offset not readable
 * @param durableSegment
 *            index of the segment that holds the end; -1 when there is none
 * @param durablePosition
 *            where the end lies in it
 */
record LogView(Segment[] segments, long startOffset, long durableEnd, int durableSegment,
        int durablePosition) {

    /** Everything stored, as it is durable after a start or with durability below {@code fsync}. */
    static LogView atEnd(StoredLog stored) {
        int last = stored.segments().length - 1;
        return new LogView(stored.segments(), stored.startOffset(), stored.nextOffset(), last,
                last < 0 ? 0 : stored.active().sizeBytes());
    }

    /** The same records, after an active segment was begun or dropped. */
    LogView withSegments(Segment[] now) {
        return durableSegment < 0
                ? new LogView(now, startOffset, durableEnd, 0, 0)
                : new LogView(now, startOffset, durableEnd, durableSegment, durablePosition);
    }

    /** More records are durable. */
    LogView withEnd(long end, int segment, int position) {
        return new LogView(segments, startOffset, end, segment, position);
    }

    /**
     * The same records, after compacted segments took the place of some: wholly durable ones, of
     * which the last may have held the durable end.
     */
    LogView withReplaced(Segment[] now) {
        int last = durableSegment < 0 ? -1 : lastUpTo(now, segments[durableSegment]);
        if (last >= 0 && now[last].equals(segments[durableSegment])) {
            return new LogView(now, startOffset, durableEnd, last, durablePosition);
        }
        return last < 0
                ? new LogView(now, startOffset, durableEnd, now.length > 0 ? 0 : -1, 0)
                : new LogView(now, startOffset, durableEnd, last, now[last].sizeBytes());
    }

    private static int lastUpTo(Segment[] now, Segment end) {
        int last = now.length - 1;
        while (last >= 0 && now[last].baseOffset() > end.baseOffset()) {
            last--;
        }
        return last;
    }

    /** The start has moved, so that there are {@code fewer} segments. */
    LogView withStart(Segment[] now, long start, int fewer) {
        int durable = durableSegment - fewer;
        return durable < 0
                ? new LogView(now, start, durableEnd, now.length > 0 ? 0 : -1, 0)
                : new LogView(now, start, durableEnd, durable, durablePosition);
    }

    /**
     * Index of the segment that may hold {@code offset}: the last that begins at or before it, at
     * least 0.
     */
    int indexFor(long offset) {
        int low = 0;
        for (int high = segments.length; low < high;) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }

    /** First offset behind what may be read of a segment. */
    long endOffset(int index) {
        return index < durableSegment
                ? Math.min(segments[index + 1].baseOffset(), durableEnd)
                : durableEnd;
    }

    /** Bytes of a segment that may be read. */
    int readableBytes(int index) {
        if (index == durableSegment) {
            return durablePosition;
        }
        return index < durableSegment ? segments[index].sizeBytes() : 0;
    }
}
