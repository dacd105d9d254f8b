package io.taffrail.log.batch;

import java.nio.ByteBuffer;

/** Zig-zag varints as in protocol buffers: seven bits a byte, lowest bits first. */
public final class Varints {

    private Varints() {}

    static int zigZag(int value) {
        return (value << 1) ^ (value >> 31);
    }

    static long zigZag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /** Returns the number of bytes that {@link #write} needs for {@code value}. */
    public static int sizeOf(int value) {
        return (38 - Integer.numberOfLeadingZeros(zigZag(value) | 1)) / 7;
    }

    /** Returns the number of bytes that {@link #write} needs for {@code value}. */
    public static int sizeOf(long value) {
        return (70 - Long.numberOfLeadingZeros(zigZag(value) | 1)) / 7;
    }

    /** Writes {@code value} at the buffer's position. */
    public static void write(ByteBuffer out, int value) {
        int rest = zigZag(value);
        while ((rest & ~0x7F) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Writes {@code value} at the buffer's position. */
    public static void write(ByteBuffer out, long value) {
        long rest = zigZag(value);
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /**
     * Reads an {@code int} at the buffer's position.
     *
     * @throws MalformedBatchException
     *             if it is longer than five bytes
     * @throws java.nio.BufferUnderflowException
     *             if the buffer ends inside it
     */
    public static int readInt(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedBatchException("a number of more than five bytes");
    }

    /**
     * Reads a {@code long} at the buffer's position.
     *
     * @throws MalformedBatchException
     *             if it is longer than ten bytes
     * @throws java.nio.BufferUnderflowException
     *             if the buffer ends inside it
     */
    public static long readLong(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedBatchException("a number of more than ten bytes");
    }
}
