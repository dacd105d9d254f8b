package io.taffrail.broker.cursor;

import java.util.Arrays;
import org.roaringbitmap.longlong.PeekableLongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** The runs of a bitmap of offsets. */
public final class OffsetRanges {

    /** Offsets of a run taken in one by one before its end is looked for. */
    private static final int STEPS = 64;

    private OffsetRanges() {}

    /** The runs in their order: pairs of first offset (inclusive) and end (exclusive). */
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
     * The first offset behind {@code from} that is not in the set, which holds {@code from}; found
     * by halving, as runs may be millions long.
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
