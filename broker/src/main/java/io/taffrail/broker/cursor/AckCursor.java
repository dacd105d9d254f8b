package io.taffrail.broker.cursor;

import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * What became of the messages of a log: everything below {@link #floor} is settled, above it what
 * the bitmap says. Below {@link #mark} messages have been handed out at least once; those of them
 * not settled are returned (ready again) or in somebody's hands. In memory only: {@link CursorLog}
 * keeps it on disk. Owner thread only.
 */
public final class AckCursor {

    /** Settled messages taken in one by one before the end of their run is looked for. */
    private static final int STEPS = 64;

    private long floor;
    private long mark;
    private Roaring64Bitmap settled = new Roaring64Bitmap();
    private Roaring64Bitmap returned = new Roaring64Bitmap();
    private final Map<Long, Integer> counts = new HashMap<>();

    /** Lowest offset not settled. */
    public long floor() {
        return floor;
    }

    /** First offset never handed out. */
    public long mark() {
        return mark;
    }

    /** Messages settled at or above the floor. */
    public long settledAboveFloor() {
        return settled.getLongCardinality();
    }

    public boolean isSettled(long offset) {
        return offset < floor || (!settled.isEmpty() && settled.contains(offset));
    }

    /**
     * Settles offsets {@code from} (inclusive) to {@code to} (exclusive); those that were ready
     * again are no more.
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

    /** Takes in settled messages that now lie at the floor. */
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
     * First offset at or after {@code from} that is not settled, where the bitmap holds nothing
     * below {@code from}; found by halving, as millions may have been settled behind one message.
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

    /** Messages below {@code end} are handed out. */
    public void handedOut(long end) {
        mark = Math.max(mark, end);
    }

    /** A message is ready again, as one that has been delivered {@code count} times. */
    public void giveBack(long offset, int count) {
        returned.addLong(offset);
        if (count > 0) {
            counts.put(offset, count);
        }
    }

    /** A returned message is handed out again. */
    public void takeAgain(long offset) {
        returned.removeLong(offset);
    }

    /** How often the message was delivered before and came back, as far as that is counted. */
    public int count(long offset) {
        return counts.isEmpty() ? 0 : counts.getOrDefault(offset, 0);
    }

    /** Whether the message is ready again. */
    public boolean isReturned(long offset) {
        return !returned.isEmpty() && returned.contains(offset);
    }

    public boolean hasReturned() {
        return !returned.isEmpty();
    }

    /** Lowest offset that is ready again; there has to be one. */
    public long firstReturned() {
        return returned.first();
    }

    /** Lowest offset from {@code from} on that is ready again; {@link Long#MAX_VALUE}: none. */
    public long nextReturned(long from) {
        LongIterator next = returned.getLongIteratorFrom(from);
        return next.hasNext() ? next.next() : Long.MAX_VALUE;
    }

    public long returnedCount() {
        return returned.getLongCardinality();
    }

    /** What is ready again below {@code end}: pairs of first offset (inclusive) and end. */
    public long[] returnedBelow(long end) {
        if (returned.isEmpty() || returned.last() < end) {
            return OffsetRanges.of(returned);
        }
        Roaring64Bitmap below = new Roaring64Bitmap();
        below.addRange(returned.first(), Math.max(returned.first(), end));
        below.and(returned);
        return OffsetRanges.of(below);
    }

    /** Takes out of a set of offsets what is settled. */
    public void withoutSettled(Roaring64Bitmap offsets) {
        offsets.andNot(settled);
        if (!offsets.isEmpty() && offsets.first() < floor) {
            Roaring64Bitmap below = new Roaring64Bitmap();
            below.addRange(offsets.first(), floor);
            offsets.andNot(below);
        }
    }

    /** What was handed out and is in somebody's hands still; a copy. */
    Roaring64Bitmap held() {
        Roaring64Bitmap held = new Roaring64Bitmap();
        if (floor < mark) {
            held.addRange(floor, mark);
            held.andNot(settled);
            held.andNot(returned);
        }
        return held;
    }

    /** Messages are ready again, as ones whose deliveries nobody counts. */
    void giveBack(Roaring64Bitmap offsets) {
        returned.or(offsets);
    }

    /**
     * The first offset from {@code from} on that is not settled.
     */
    public long nextUnsettled(long from) {
        long first = Math.max(from, floor);
        if (!isSettled(first)) {
            return first;
        }
        return OffsetRanges.endOfRun(settled, first);
    }

    /** Passed the state of one message that came back. */
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

    void restore(long newFloor, long newMark, Roaring64Bitmap newSettled,
            Roaring64Bitmap newReturned) {
        floor = newFloor;
        mark = newMark;
        settled = newSettled;
        returned = newReturned;
        counts.clear();
    }

    void restoreCount(long offset, int count) {
        counts.put(offset, count);
    }
}
