package io.taffrail.broker.deduplication;

/**
 * A table of marks, indexed by mark and ordered by age, each with a growing number and an end time.
 * It is a ring with four longs for each mark, and a hash table of slots that refer to the ring. A
 * mark takes 40 bytes when the ring is full, and at most 160 after the ring has grown; the ring
 * shrinks only when all marks are removed together. Not thread-safe.
 */
public final class MarkTable {

    /** End time of a mark that does not expire. */
    public static final long FOREVER = Long.MAX_VALUE;
    /** End time of an entry that was removed. */
    private static final long HOLE = Long.MIN_VALUE;
    private static final int SMALLEST = 16;

    private long[] highs = new long[SMALLEST];
    private long[] lows = new long[SMALLEST];
    private long[] endsAtMs = new long[SMALLEST];
    private long[] ids = new long[SMALLEST];
    /** Index in the ring plus one, or 0 for a free slot; linear probing. */
    private int[] slots = new int[2 * SMALLEST];
    private int head;
    /** Number of entries, holes included. */
    private int length;
    private int live;

    /** Number of marks. */
    public int size() {
        return live;
    }

    /** Whether the table has a mark that has not expired; an expired one is removed. */
    public boolean contains(Mark mark, long nowMs) {
        int slot = find(mark);
        if (slots[slot] == 0) {
            return false;
        }
        if (endsAtMs[slots[slot] - 1] > nowMs) {
            return true;
        }
        removeSlot(slot);
        return false;
    }

    /**
     * Adds a new mark.
     *
     * @param id
     *            larger than that of every other mark
     */
    public void add(Mark mark, long id, long endAtMs) {
        if (length == ids.length) {
            makeRoom();
        }
        int at = place(length);
        highs[at] = mark.high();
        lows[at] = mark.low();
        endsAtMs[at] = endAtMs;
        ids[at] = id;
        length++;
        live++;
        slots[find(mark)] = at + 1;
    }

    /** Removes a mark, if it is in the table. */
    public void remove(Mark mark) {
        int slot = find(mark);
        if (slots[slot] != 0) {
            removeSlot(slot);
        }
    }

    /**
     * Removes the marks numbered {@code from} (inclusive) to {@code to} (exclusive). All marks at
     * once, as a purge removes them, take no time for each.
     */
    public void removeRange(long from, long to) {
        if (length > 0 && from <= ids[head] && ids[place(length - 1)] < to) {
            clear();
            return;
        }
        for (int index = firstAt(from); index < length && ids[place(index)] < to;) {
            int at = place(index);
            if (endsAtMs[at] == HOLE) {
                index++;
                continue;
            }
            int before = length;
            removeSlot(find(new Mark(highs[at], lows[at])));
            // Holes at the head are dropped at once, which shifts indexes.
            index = Math.max(0, index + 1 - (before - length));
        }
    }

    /** Number of the oldest mark; the table must not be empty. */
    public long firstId() {
        return ids[head];
    }

    /** The oldest mark; the table must not be empty. */
    public Mark first() {
        return new Mark(highs[head], lows[head]);
    }

    /** End time of the oldest mark, in milliseconds since 1970; the table must not be empty. */
    public long firstEndsAtMs() {
        return endsAtMs[head];
    }

    /** Removes the oldest mark; the table must not be empty. */
    public void removeFirst() {
        removeSlot(find(first()));
    }

    /** Removes all marks, and gives back the memory of the ring. */
    private void clear() {
        highs = new long[SMALLEST];
        lows = new long[SMALLEST];
        endsAtMs = new long[SMALLEST];
        ids = new long[SMALLEST];
        slots = new int[2 * SMALLEST];
        head = 0;
        length = 0;
        live = 0;
    }

    private int place(int index) {
        return (head + index) & (ids.length - 1);
    }

    /** Index of the first entry whose number is at least {@code id}. */
    private int firstAt(long id) {
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids[place(middle)] < id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int homeSlot(long high) {
        return (int) high & (slots.length - 1);
    }

    /** The slot of a mark, or the free slot for it. */
    private int find(Mark mark) {
        int slot = homeSlot(mark.high());
        while (slots[slot] != 0) {
            int at = slots[slot] - 1;
            if (highs[at] == mark.high() && lows[at] == mark.low()) {
                return slot;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void removeSlot(int slot) {
        endsAtMs[slots[slot] - 1] = HOLE;
        live--;
        int free = slot;
        int next = (free + 1) & (slots.length - 1);
        while (slots[next] != 0) {
            int home = homeSlot(highs[slots[next] - 1]);
            int mask = slots.length - 1;
            if (((next - home) & mask) >= ((next - free) & mask)) {
                slots[free] = slots[next];
                free = next;
            }
            next = (next + 1) & mask;
        }
        slots[free] = 0;
        while (length > 0 && endsAtMs[head] == HOLE) {
            head = (head + 1) & (ids.length - 1);
            length--;
        }
    }

    private void makeRoom() {
        int capacity = live > length / 2 ? ids.length * 2 : ids.length;
        long[] newHighs = new long[capacity];
        long[] newLows = new long[capacity];
        long[] newEnds = new long[capacity];
        long[] newIds = new long[capacity];
        int kept = 0;
        for (int index = 0; index < length; index++) {
            int at = place(index);
            if (endsAtMs[at] != HOLE) {
                newHighs[kept] = highs[at];
                newLows[kept] = lows[at];
                newEnds[kept] = endsAtMs[at];
                newIds[kept++] = ids[at];
            }
        }
        highs = newHighs;
        lows = newLows;
        endsAtMs = newEnds;
        ids = newIds;
        slots = new int[2 * capacity];
        head = 0;
        length = kept;
        for (int at = 0; at < kept; at++) {
            slots[find(new Mark(highs[at], lows[at]))] = at + 1;
        }
    }
}
