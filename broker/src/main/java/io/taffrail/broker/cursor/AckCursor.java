package io.taffrail.broker.cursor;

import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The state of all messages of a log. Everything below {@link #floor} is settled; above it a bitmap
 * records settled messages. Messages below {@link #mark} have been delivered at least once; those
 * of them that are not settled are either returned (ready again) or in flight. In memory only:
 * {@link CursorLog} stores it on disk. Owner thread only.
 */
public final class AckCursor {

    /**
     * Number of settled messages examined one by one before a binary search for the end of their
     * run.
     */
    private static final int STEPS = 64;

    private long floor;
    private long mark;
    private Roaring64Bitmap settled = new Roaring64Bitmap();
    private Roaring64Bitmap returned = new Roaring64Bitmap();
    private final Map<Long, Integer> counts = new HashMap<>();

    /** Lowest offset that is not settled. */
    public long floor() {
        return floor;
    }

    /** First offset that was never delivered. */
    public long mark() {
        return mark;
    }

    /** Number of messages settled at or above the floor. */
    public long settledAboveFloor() {
        return settled.getLongCardinality();
    }

    public boolean isSettled(long offset) {
        return offset < floor || (!settled.isEmpty() && settled.contains(offset));
    }

    /**
     * Settles offsets {@code from} (inclusive) to {@code to} (exclusive); returned messages among
     * them are no longer ready.
     */
    public void settle(long from, long to) {
        if (!returned.isEmpty()) {
            dropReturned(from, to);
        }
        if (to - from == 1) {
            counts.remove(from);
        } else if (!counts.isEmpty()) {
            counts.keySet().removeIf(offset -> offset >= from && offset < to);
        }
        if (from <= floor) {
            if (to > floor) {
                floor = to;
                liftFloor();
            }
        } else if (to - from == 1) {
            settled.addLong(from);
        } else {
            settled.addRange(from, to);
        }
        mark = Math.max(mark, to);
    }

    private void dropReturned(long from, long to) {
        if (to - from == 1) {
            returned.removeLong(from);
        } else if (returned.first() < to && returned.last() >= from) {
            Roaring64Bitmap range = new Roaring64Bitmap();
            range.addRange(from, to);
            returned.andNot(range);
        }
    }

    /** Raises the floor over settled messages that now lie at it. */
    private void liftFloor() {
        for (int steps = 0; !settled.isEmpty() && settled.first() <= floor; steps++) {
            if (steps == STEPS) {
                dropBelowFloor();
                floor = endOfRun(floor);
                dropBelowFloor();
                return;
            }
            long first = settled.first();
            settled.removeLong(first);
            floor = Math.max(floor, first + 1);
        }
    }

    /**
     * First offset at or after {@code from} that is not settled, given that the bitmap has nothing
     * below {@code from}. A binary search, because millions may be settled behind one message.
     */
    private long endOfRun(long from) {
        if (settled.isEmpty()) {
            return from;
        }
        long low = from;
        long high = settled.last() + 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (settled.rankLong(middle - 1) == middle - from) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void dropBelowFloor() {
        if (!settled.isEmpty() && settled.first() < floor) {
            Roaring64Bitmap below = new Roaring64Bitmap();
            below.addRange(settled.first(), floor);
            settled.andNot(below);
        }
    }

    /** Marks all messages below {@code end} as delivered. */
    public void handedOut(long end) {
        mark = Math.max(mark, end);
    }

    /** Returns a message that has been delivered {@code count} times. */
    public void giveBack(long offset, int count) {
        returned.addLong(offset);
        if (count > 0) {
            counts.put(offset, count);
        }
    }

    /** Marks a returned message as in flight again. */
    public void takeAgain(long offset) {
        returned.removeLong(offset);
    }

    /** Number of earlier deliveries of a message, where deliveries are counted; else 0. */
    public int count(long offset) {
        return counts.isEmpty() ? 0 : counts.getOrDefault(offset, 0);
    }

    /** Whether the message is returned. */
    public boolean isReturned(long offset) {
        return !returned.isEmpty() && returned.contains(offset);
    }

    public boolean hasReturned() {
        return !returned.isEmpty();
    }

    /** Lowest returned offset; there must be one. */
    public long firstReturned() {
        return returned.first();
    }

    /** Lowest returned offset from {@code from} on; {@link Long#MAX_VALUE} if there is none. */
    public long nextReturned(long from) {
        LongIterator next = returned.getLongIteratorFrom(from);
        return next.hasNext() ? next.next() : Long.MAX_VALUE;
    }

    /** Number of returned messages below an offset. */
    public long returnedBefore(long offset) {
        return offset <= 0 || returned.isEmpty() ? 0 : returned.rankLong(offset - 1);
    }

    public long returnedCount() {
        return returned.getLongCardinality();
    }

    /**
     * Returned messages below {@code end}, as pairs of first offset (inclusive) and end
     * (exclusive).
     */
    public long[] returnedBelow(long end) {
        if (returned.isEmpty() || returned.last() < end) {
            return OffsetRanges.of(returned);
        }
        Roaring64Bitmap below = new Roaring64Bitmap();
        below.addRange(returned.first(), Math.max(returned.first(), end));
        below.and(returned);
        return OffsetRanges.of(below);
    }

    /** Removes settled offsets from a set. */
    public void withoutSettled(Roaring64Bitmap offsets) {
        offsets.andNot(settled);
        if (!offsets.isEmpty() && offsets.first() < floor) {
            Roaring64Bitmap below = new Roaring64Bitmap();
            below.addRange(offsets.first(), floor);
            offsets.andNot(below);
        }
    }

    /** Messages in flight; a copy. */
    Roaring64Bitmap held() {
        Roaring64Bitmap held = new Roaring64Bitmap();
        if (floor < mark) {
            held.addRange(floor, mark);
            held.andNot(settled);
            held.andNot(returned);
        }
        return held;
    }

    /** Returns messages whose deliveries are not counted. */
    void giveBack(Roaring64Bitmap offsets) {
        returned.or(offsets);
    }

    /** First offset from {@code from} on that is not settled. */
    public long nextUnsettled(long from) {
        long first = Math.max(from, floor);
        if (!isSettled(first)) {
            return first;
        }
        return OffsetRanges.endOfRun(settled, first);
    }

    /** A visitor of the delivery counts of messages. */
    interface CountVisitor {
        void count(long offset, int count);
    }

    void counts(CountVisitor visitor) {
        counts.forEach(visitor::count);
    }

    int countsSize() {
        return counts.size();
    }

    Roaring64Bitmap settledBits() {
        return settled;
    }

    Roaring64Bitmap returnedBits() {
        return returned;
    }

    /**
     * Replaces the floor, the mark and both bitmaps, and drops all counts, when a snapshot is
     * replayed.
     */
    void restore(long newFloor, long newMark, Roaring64Bitmap newSettled,
            Roaring64Bitmap newReturned) {
        floor = newFloor;
        mark = newMark;
        settled = newSettled;
        returned = newReturned;
        counts.clear();
    }

    /** Sets a delivery count, when a snapshot is replayed. */
    void restoreCount(long offset, int count) {
        counts.put(offset, count);
    }
}
