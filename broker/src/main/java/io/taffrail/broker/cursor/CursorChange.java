package io.taffrail.broker.cursor;

import io.taffrail.log.batch.Varints;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The changes of a cursor since its last record, encoded as the next record:
 *
 * <pre>
 * u8 1 | varlong mark | varint ranges x (varlong from, minus the last end | varlong length)
 *      | varint steps x (varlong offset | varint count)      count -1: taken again, else returned
 * </pre>
 *
 * After a refusal the changes stay in the buffer, and are part of the next record. Owner thread
 * only.
 */
final class CursorChange {

    static final byte KIND = 1;

    private static final int TAKEN_AGAIN = -1;
    private static final int MAX_VARLONG_BYTES = 10;
    private static final int MAX_VARINT_BYTES = 5;

    private long[] ranges = new long[16];
    private int rangeCount;
    private long[] steps = new long[8];
    private int stepCount;
    private boolean marked;

    boolean isEmpty() {
        return rangeCount == 0 && stepCount == 0 && !marked;
    }

    void settled(long from, long to) {
        if (rangeCount > 0 && ranges[2 * rangeCount - 1] == from) {
            ranges[2 * rangeCount - 1] = to;
            return;
        }
        if (2 * rangeCount == ranges.length) {
            ranges = Arrays.copyOf(ranges, ranges.length * 2);
        }
        ranges[2 * rangeCount] = from;
        ranges[2 * rangeCount + 1] = to;
        rangeCount++;
    }

    void marked() {
        marked = true;
    }

    void givenBack(long offset, int count) {
        step(offset, count);
    }

    void takenAgain(long offset) {
        step(offset, TAKEN_AGAIN);
    }

    private void step(long offset, int count) {
        if (2 * stepCount == steps.length) {
            steps = Arrays.copyOf(steps, steps.length * 2);
        }
        steps[2 * stepCount] = offset;
        steps[2 * stepCount + 1] = count;
        stepCount++;
    }

    void clear() {
        rangeCount = 0;
        stepCount = 0;
        marked = false;
        if (ranges.length > 1024) {
            ranges = new long[16];
        }
        if (steps.length > 1024) {
            steps = new long[8];
        }
    }

    ByteBuffer encode(long mark) {
        ByteBuffer out = ByteBuffer.allocate(1 + MAX_VARLONG_BYTES + 2 * MAX_VARINT_BYTES
                + rangeCount * 2 * MAX_VARLONG_BYTES
                + stepCount * (MAX_VARLONG_BYTES + MAX_VARINT_BYTES));
        out.put(KIND);
        Varints.write(out, mark);
        Varints.write(out, rangeCount);
        long last = 0;
        for (int index = 0; index < rangeCount; index++) {
            long from = ranges[2 * index];
            long to = ranges[2 * index + 1];
            Varints.write(out, from - last);
            Varints.write(out, to - from);
            last = to;
        }
        Varints.write(out, stepCount);
        for (int index = 0; index < stepCount; index++) {
            Varints.write(out, steps[2 * index]);
            Varints.write(out, (int) steps[2 * index + 1]);
        }
        return out.flip();
    }

    /** Applies a record to a cursor; {@code in} is positioned behind the kind. */
    static void apply(ByteBuffer in, AckCursor cursor) {
        cursor.handedOut(Varints.readLong(in));
        int ranges = Varints.readInt(in);
        long last = 0;
        for (int index = 0; index < ranges; index++) {
            long from = last + Varints.readLong(in);
            long to = from + Varints.readLong(in);
            cursor.settle(from, to);
            last = to;
        }
        int steps = Varints.readInt(in);
        for (int index = 0; index < steps; index++) {
            long offset = Varints.readLong(in);
            int count = Varints.readInt(in);
            if (count == TAKEN_AGAIN) {
                cursor.takeAgain(offset);
            } else if (!cursor.isSettled(offset)) {
                cursor.giveBack(offset, count);
            }
        }
    }
}
