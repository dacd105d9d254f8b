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

    /** Bytes of a segment that may be read. */
    int readableBytes(int index) {
        if (index == durableSegment) {
            return durablePosition;
        }
        return index < durableSegment ? segments[index].sizeBytes() : 0;
    }
}
