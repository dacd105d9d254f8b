package io.taffrail.broker.schedule;

import java.util.Arrays;

/**
 * A binary heap of offsets, ordered by due time and then by offset, in two arrays with 16 bytes for
 * each entry. Not thread-safe.
 */
public final class DueHeap {

    private long[] dueMs = new long[16];
    private long[] offsets = new long[16];
    private int size;

    public int size() {
        return size;
    }

    /** Adds an offset. */
    public void add(long due, long offset) {
        if (size == dueMs.length) {
            dueMs = Arrays.copyOf(dueMs, size * 2);
            offsets = Arrays.copyOf(offsets, size * 2);
        }
        int at = size++;
        while (at > 0 && isBefore(due, offset, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        set(at, due, offset);
    }

    /** Due time of the first entry, in milliseconds since 1970; the heap must not be empty. */
    public long firstDueMs() {
        return dueMs[0];
    }

    /** Removes the first entry and returns its offset; the heap must not be empty. */
    public long removeFirst() {
        long first = offsets[0];
        size--;
        long due = dueMs[size];
        long offset = offsets[size];
        int at = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(dueMs[child + 1], offsets[child + 1], child)) {
                child++;
            }
            if (isBefore(due, offset, child)) {
                break;
            }
            move(child, at);
            at = child;
            child = 2 * at + 1;
        }
        set(at, due, offset);
        return first;
    }

    private boolean isBefore(long due, long offset, int other) {
        return due < dueMs[other] || (due == dueMs[other] && offset < offsets[other]);
    }

    private void move(int from, int to) {
        dueMs[to] = dueMs[from];
        offsets[to] = offsets[from];
    }

    private void set(int at, long due, long offset) {
        dueMs[at] = due;
        offsets[at] = offset;
    }
}
