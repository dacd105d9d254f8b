package io.taffrail.simulation.network;

import java.util.Arrays;

/** A queue of bytes. */
final class Pipe {

    private byte[] bytes = new byte[256];
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    void add(byte[] from, int offset, int count) {
        if (end + count > bytes.length) {
            byte[] larger = new byte[Math.max(bytes.length * 2, size() + count)];
            System.arraycopy(bytes, start, larger, 0, size());
            end -= start;
            start = 0;
            bytes = larger;
        }
        System.arraycopy(from, offset, bytes, end, count);
        end += count;
    }

    /** Removes and returns the first {@code count} bytes. */
    byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
        start += count;
        return taken;
    }

    /** Drops all bytes behind the first {@code count}. */
    void keep(int count) {
        end = start + count;
    }
}
