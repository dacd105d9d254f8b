package io.taffrail.broker.cursor;

import java.util.Arrays;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** The runs of a bitmap of offsets. */
public final class OffsetRanges {

    private OffsetRanges() {}

    /** The runs in their order: pairs of first offset (inclusive) and end (exclusive). */
    public static long[] of(Roaring64Bitmap offsets) {
        long[] ranges = new long[2];
        int length = 0;
        for (LongIterator it = offsets.getLongIterator(); it.hasNext();) {
            long offset = it.next();
            if (length > 0 && ranges[length - 1] == offset) {
                ranges[length - 1]++;
                continue;
            }
            if (length == ranges.length) {
                ranges = Arrays.copyOf(ranges, 2 * length);
            }
            ranges[length] = offset;
            ranges[length + 1] = offset + 1;
            length += 2;
        }
        return Arrays.copyOf(ranges, length);
    }
}
