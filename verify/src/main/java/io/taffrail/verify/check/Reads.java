package io.taffrail.verify.check;

import java.util.Arrays;

/** The records that one reader has found in one partition, in the order found; 32 bytes each. */
final class Reads {

    private static final int FIELDS = 4;
    private long[] data = new long[256 * FIELDS];
    private int size;

    /** Receives a record: its offset, message, time, and the transaction that read it. */
    @FunctionalInterface
    interface Visitor {

        void visit(long offset, long value, long timeNs, long transaction);
    }

    void add(long offset, long value, long timeNs, long transaction) {
        int at = size * FIELDS;
        if (at == data.length) {
            data = Arrays.copyOf(data, data.length * 2);
        }
        data[at] = offset;
        data[at + 1] = value;
        data[at + 2] = timeNs;
        data[at + 3] = transaction;
        size++;
    }

    int size() {
        return size;
    }

    void forEach(Visitor visitor) {
        for (int at = 0; at < size * FIELDS; at += FIELDS) {
            visitor.visit(data[at], data[at + 1], data[at + 2], data[at + 3]);
        }
    }
}
