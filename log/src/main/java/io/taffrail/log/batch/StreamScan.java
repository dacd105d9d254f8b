package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;

/**
 * Scans the records of a compressed batch while they are decompressed, through a window of fixed
 * size: the memory used does not depend on the size of the batch. For a single thread.
 */
final class StreamScan {

    private static final int WINDOW_BYTES = 16 << 10;

    private final byte[] window = new byte[WINDOW_BYTES];
    private InputStream in = InputStream.nullInputStream();
    private int next;
    private int filled;

    /** Bytes of the stream that precede the window. */
    private long before;
    private long maxBytes;

    /**
     * Scans {@code count} records, which must make up the whole stream.
     *
     * @return size of the decompressed records in bytes
     * @throws MalformedBatchException
     *             if a record is malformed
     * @throws TooLongException
     *             if the stream has more than {@code maxRecordBytes}
     */
    long scan(InputStream records, int count, long baseTimestampMs, long maxRecordBytes,
            RecordScan seen) throws IOException {
        in = records;
        next = 0;
        filled = 0;
        before = 0;
        maxBytes = maxRecordBytes;
        for (int index = 0; index < count; index++) {
            int length = (int) readNumber(5);
            if (length < 0) {
                throw BufferScan.malformed(index, "a length of " + length + " bytes");
            }
            scanRecord(index, position() + length, baseTimestampMs, seen);
        }
        if (next < filled || fill()) {
            throw new MalformedBatchException("bytes follow the last record");
        }
        return position();
    }

    private void scanRecord(int index, long end, long baseTimestampMs, RecordScan seen)
            throws IOException {
        readByte();
        long timestampMs = baseTimestampMs + readNumber(10);
        if ((int) readNumber(5) != index) {
            throw BufferScan.malformed(index, "an offset delta out of order");
        }
        int keyLength = (int) readNumber(5);
        skip(keyLength, end, index);
        skip((int) readNumber(5), end, index);
        int headers = (int) readNumber(5);
        if (headers < 0 || headers > end - position()) {
            throw BufferScan.malformed(index, headers + " headers");
        }
        for (int header = 0; header < headers; header++) {
            int headerKeyLength = (int) readNumber(5);
            if (headerKeyLength < 0) {
                throw BufferScan.malformed(index, "a header without a key");
            }
            skip(headerKeyLength, end, index);
            skip((int) readNumber(5), end, index);
        }
        if (position() != end) {
            throw BufferScan.malformed(index, "a length that differs from its fields' total");
        }
        seen.record(index, timestampMs, keyLength >= 0);
    }

    private long position() {
        return before + next;
    }

    private void skip(int length, long end, int index) throws IOException {
        if (length > end - position() || length < -1) {
            throw BufferScan.malformed(index, "a field of " + length + " bytes");
        }
        int left = Math.max(length, 0);
        while (left > filled - next) {
            left -= filled - next;
            next = filled;
            if (!fill()) {
                throw new MalformedBatchException("the records end inside record " + index);
            }
        }
        next += left;
    }

    private byte readByte() throws IOException {
        if (next == filled && !fill()) {
            throw new MalformedBatchException("the records end too early");
        }
        return window[next++];
    }

    /**
     * Reads a zig-zag varint of at most {@code maxLength} bytes: 5 for an {@code int},
     * 10 for a {@code long}.
     */
    private long readNumber(int maxLength) throws IOException {
        long value = 0;
        for (int index = 0; index < maxLength; index++) {
            byte read = readByte();
            value |= (read & 0x7FL) << (7 * index);
            if (read >= 0) {
                long unsigned = maxLength == 5 ? value & 0xFFFF_FFFFL : value;
                return (unsigned >>> 1) ^ -(unsigned & 1);
            }
        }
        throw new MalformedBatchException("a number of more than " + maxLength + " bytes");
    }

    /** Refills the window once it has been read; returns false at the end of the stream. */
    private boolean fill() throws IOException {
        before += filled;
        next = 0;
        filled = Math.max(0, in.read(window, 0, WINDOW_BYTES));
        if (before + filled > maxBytes) {
            throw new TooLongException();
        }
        return filled > 0;
    }
}
