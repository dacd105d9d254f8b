package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records one after another into a growing buffer, in the layout of a batch:
 *
 * <pre>
 * length varint | attributes int8 | timestampDelta varlong | offsetDelta varint
 * | keyLength varint, key | valueLength varint, value | headerCount varint
 * | (nameLength varint, name, valueLength varint, value)*        length -1: null
 * </pre>
 */
final class RecordEncoder {

    private static final int NULL_LENGTH = -1;

    private ByteBuffer out;

    /**
     * Creates an encoder.
     *
     * @param reservedBytes
     *            bytes left free before the first record
     * @param capacityBytes
     *            initial size of the buffer
     */
    RecordEncoder(int reservedBytes, int capacityBytes) {
        out = ByteBuffer.allocate(Math.max(reservedBytes, capacityBytes)).position(reservedBytes);
    }

    int position() {
        return out.position();
    }

    /** Returns the buffer, written up to its position. It stays owned by this encoder. */
    ByteBuffer buffer() {
        return out;
    }

    void write(long timestampDelta, int offsetDelta, @Nullable ByteBuffer key,
            @Nullable ByteBuffer value, List<RecordView.Header> headers) {
        int length = 1 + Varints.sizeOf(timestampDelta) + Varints.sizeOf(offsetDelta)
                + sizeOf(key) + sizeOf(value) + Varints.sizeOf(headers.size());
        for (RecordView.Header header : headers) {
            length += sizeOf(header.nameBytes()) + sizeOf(header.value());
        }
        ensure(Varints.sizeOf(length) + length);
        Varints.write(out, length);
        out.put((byte) 0);
        Varints.write(out, timestampDelta);
        Varints.write(out, offsetDelta);
        put(key);
        put(value);
        Varints.write(out, headers.size());
        for (RecordView.Header header : headers) {
            put(header.nameBytes());
            put(header.value());
        }
    }

    private static int sizeOf(@Nullable ByteBuffer field) {
        int length = field == null ? NULL_LENGTH : field.remaining();
        return Varints.sizeOf(length) + Math.max(0, length);
    }

    private void put(@Nullable ByteBuffer field) {
        if (field == null) {
            Varints.write(out, NULL_LENGTH);
        } else {
            Varints.write(out, field.remaining());
            out.put(field.duplicate());
        }
    }

    private void ensure(int bytes) {
        if (bytes > out.remaining()) {
            int needed = Math.addExact(out.position(), bytes);
            long doubled = Math.min(out.capacity() * 2L, Integer.MAX_VALUE - 8);
            out = ByteBuffer.allocate((int) Math.max(needed, doubled)).put(out.flip());
        }
    }
}
