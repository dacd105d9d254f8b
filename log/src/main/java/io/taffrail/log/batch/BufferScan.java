package io.taffrail.log.batch;

import java.nio.ByteBuffer;

/**
 * Scans the records of an uncompressed batch in place. Allocates nothing unless a record
 * is malformed. For a single thread.
 */
final class BufferScan {

    private ByteBuffer in = ByteBuffer.allocate(0);
    private int at;

    /**
     * Scans {@code count} records, which must fill {@code buffer} exactly,
     * from {@code from} to its limit.
     *
     * @throws MalformedBatchException
     *             if a record is malformed
     * @throws IndexOutOfBoundsException
     *             if a record extends beyond the limit
     */
    void scan(ByteBuffer buffer, int from, int count, long baseTimestampMs, RecordScan seen) {
        in = buffer;
        at = from;
        int limit = buffer.limit();
        for (int index = 0; index < count; index++) {
            int length = readInt();
            int end = at + length;
            if (length < 0 || length > limit - at) {
                throw malformed(index, "a length of " + length + " bytes, with " + (limit - at)
                        + " left");
            }
            at++;
            long timestampDelta = readLong();
            if (readInt() != index) {
                throw malformed(index, "an offset delta out of order");
            }
            int keyLength = readInt();
            skip(keyLength, end, index);
            skip(readInt(), end, index);
            int headers = readInt();
            if (headers != 0) {
                skipHeaders(headers, end, index);
            }
            if (at != end) {
                throw malformed(index, "a length that differs from its fields' total");
            }
            seen.record(index, baseTimestampMs + timestampDelta, keyLength >= 0);
        }
        if (at != limit) {
            throw new MalformedBatchException((limit - at) + " bytes follow the last record");
        }
    }

    private void skipHeaders(int count, int end, int index) {
        if (count < 0 || count > end - at) {
            throw malformed(index, count + " headers");
        }
        for (int header = 0; header < count; header++) {
            int keyLength = readInt();
            if (keyLength < 0) {
                throw malformed(index, "a header without a key");
            }
            skip(keyLength, end, index);
            skip(readInt(), end, index);
        }
    }

    private void skip(int length, int end, int index) {
        if (length > end - at || length < -1) {
            throw malformed(index, "a field of " + length + " bytes");
        }
        if (length > 0) {
            at += length;
        }
    }

    private int readInt() {
        byte first = in.get(at++);
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1);
        }
        int value = first & 0x7F;
        for (int shift = 7; shift < 35; shift += 7) {
            byte next = in.get(at++);
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedBatchException("a number of more than five bytes");
    }

    private long readLong() {
        byte first = in.get(at++);
        if (first >= 0) {
            return (first >>> 1) ^ -(first & 1L);
        }
        long value = first & 0x7F;
        for (int shift = 7; shift < 70; shift += 7) {
            byte next = in.get(at++);
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedBatchException("a number of more than ten bytes");
    }

    static MalformedBatchException malformed(int index, String what) {
        return new MalformedBatchException("record " + index + " has " + what);
    }
}
