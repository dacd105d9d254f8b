package io.taffrail.simulation.network;

import java.util.Arrays;

/** Bytes in order. */
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

    /** Takes bytes out. */
    byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
        start += count;
        return taken;
    }

    /** Lets the bytes after the first so many fall away. */
    void keep(int count) {
        end = start + count;
    }
}
