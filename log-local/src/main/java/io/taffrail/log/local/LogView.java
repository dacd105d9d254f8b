package io.taffrail.log.local;

import io.taffrail.log.local.segment.Segment;

/**
 * An immutable view of a log for readers; the owner replaces it as a whole.
 *
 * @param segments
 *            in offset order; empty before the first append
 * @param startOffset
 *            first readable offset
 * @param durableEnd
 *            first offset that is not readable
 * @param durableSegment
 *            index of the segment that contains the durable end; -1 if there is none
 * @param durablePosition
 *            position of the durable end in that segment, in bytes
 */
record LogView(Segment[] segments, long startOffset, long durableEnd, int durableSegment,
        int durablePosition) {

    /**
     * Returns a view of everything stored: all of it is durable after a start, or if the durability
     * is below {@code fsync}.
     */
    static LogView atEnd(StoredLog stored) {
        int last = stored.segments().length - 1;
        return new LogView(stored.segments(), stored.startOffset(), stored.nextOffset(), last,
                last < 0 ? 0 : stored.active().sizeBytes());
    }

    /** Returns a view of the same records after an active segment was begun or removed. */
    LogView withSegments(Segment[] now) {
        return durableSegment < 0
                ? new LogView(now, startOffset, durableEnd, 0, 0)
                : new LogView(now, startOffset, durableEnd, durableSegment, durablePosition);
    }

    /** Returns a view with a later durable end. */
    LogView withEnd(long end, int segment, int position) {
        return new LogView(segments, startOffset, end, segment, position);
    }

    /**
     * Returns a view of the same records after compaction replaced some segments. The replaced
     * segments were durable in full; the last of them may have contained the durable end.
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

    /** Returns a view with a later start, with {@code fewer} segments removed at the front. */
    LogView withStart(Segment[] now, long start, int fewer) {
        int durable = durableSegment - fewer;
        return durable < 0
                ? new LogView(now, start, durableEnd, now.length > 0 ? 0 : -1, 0)
                : new LogView(now, start, durableEnd, durable, durablePosition);
    }

    /**
     * Index of the segment that may contain {@code offset}: the last one that begins at or
     * before it; at least 0.
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

    /** First offset behind the readable part of a segment. */
    long endOffset(int index) {
        return index < durableSegment
                ? Math.min(segments[index + 1].baseOffset(), durableEnd)
                : durableEnd;
    }

    /** Size of the readable part of a segment, in bytes. */
    int readableBytes(int index) {
        if (index == durableSegment) {
            return durablePosition;
        }
        return index < durableSegment ? segments[index].sizeBytes() : 0;
    }
}
