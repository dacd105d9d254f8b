package io.taffrail.broker.cursor;

import io.taffrail.log.spi.OffsetSet;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** A snapshot of the settled offsets of a cursor. Immutable. */
public final class SettledOffsets implements OffsetSet {

    private final long floor;
    private final long end;
    private final Roaring64Bitmap above;

    private SettledOffsets(long floor, long end, Roaring64Bitmap above) {
        this.floor = floor;
        this.end = end;
        this.above = above;
    }

    static SettledOffsets of(AckCursor cursor) {
        Roaring64Bitmap above = cursor.settledBits().clone();
        above.runOptimize();
        return new SettledOffsets(cursor.floor(), Long.MAX_VALUE, above);
    }

    /** The settled offsets below {@code newEnd}. */
    public SettledOffsets below(long newEnd) {
        return new SettledOffsets(floor, Math.min(end, newEnd), above);
    }

    @Override
    public boolean contains(long offset) {
        return offset < end && (offset < floor || above.contains(offset));
    }

    @Override
    public long countBetween(long from, long to) {
        long last = Math.min(to, end);
        return Math.max(0, Math.min(last, floor) - from) + Math.max(0, upTo(last) - upTo(from));
    }

    private long upTo(long offset) {
        return offset <= 0 || above.isEmpty() ? 0 : above.rankLong(offset - 1);
    }
}
