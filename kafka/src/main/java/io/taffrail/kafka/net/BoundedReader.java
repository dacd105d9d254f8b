package io.taffrail.kafka.net;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reads a request's message, at most so many fields of it: each becomes objects that take many
 * times
 * the memory of its bytes. An array that claims more elements than that is refused before room is
 * made for it, as the message classes compare its length with {@link #remaining}.
 */
final class BoundedReader extends ByteBufferAccessor {

    /** Enough for a fetch of 70,000 partitions. */
    static final int MAX_FIELDS = 500_000;

    private int fields;

    BoundedReader(ByteBuffer buffer) {
        super(buffer);
    }

    /** Fields read so far. */
    int fields() {
        return fields;
    }

    private void count() {
        if (++fields > MAX_FIELDS) {
            throw new IllegalArgumentException("it has more than " + MAX_FIELDS + " fields");
        }
    }

    @Override
    public int remaining() {
        return Math.min(super.remaining(), MAX_FIELDS - fields);
    }

    @Override
    public byte readByte() {
        count();
        return super.readByte();
    }

    @Override
    public short readShort() {
        count();
        return super.readShort();
    }

    @Override
    public int readInt() {
        count();
        return super.readInt();
    }

    @Override
    public long readLong() {
        count();
        return super.readLong();
    }

    @Override
    public int readUnsignedVarint() {
        count();
        return super.readUnsignedVarint();
    }
}
