package io.taffrail.broker.cursor;

import java.util.Arrays;
import org.roaringbitmap.longlong.PeekableLongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** A converter of bitmaps of offsets to ranges. Pure functions. */
public final class OffsetRanges {

    /** Number of offsets of a run examined one by one before a binary search for its end. */
    private static final int STEPS = 64;

    private OffsetRanges() {}

    /**
     * The runs of a bitmap in ascending order, as pairs of first offset (inclusive) and end
     * (exclusive).
     */
    public static long[] of(Roaring64Bitmap offsets) {
        long[] ranges = new long[2];
        int length = 0;
        int inRun = 0;
        PeekableLongIterator it = offsets.getLongIterator();
        while (it.hasNext()) {
            long offset = it.next();
            if (length > 0 && ranges[length - 1] == offset) {
                ranges[length - 1]++;
                if (++inRun == STEPS) {
                    ranges[length - 1] = endOfRun(offsets, offset);
                    it.advanceIfNeeded(ranges[length - 1]);
                }
                continue;
            }
            inRun = 0;
            if (length == ranges.length) {
                ranges = Arrays.copyOf(ranges, 2 * length);
            }
            ranges[length] = offset;
            ranges[length + 1] = offset + 1;
            length += 2;
        }
        return Arrays.copyOf(ranges, length);
    }

    /**
     * First offset behind {@code from} that is not in the set; {@code from} has to be in it. A
     * binary search, because runs may be millions long.
     */
    static long endOfRun(Roaring64Bitmap offsets, long from) {
        long before = offsets.rankLong(from);
        long low = from;
        long high = offsets.last();
        while (low < high) {
            long middle = low + ((high - low + 1) >>> 1);
            if (offsets.rankLong(middle) - before == middle - from) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low + 1;
    }
}
