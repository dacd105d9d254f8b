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

    /** Enough to produce to 16,000 partitions, which is done on an event loop. */
    static final int MAX_FIELDS_ON_LOOP = 50_000;

    private final int longestArray;
    private final int maxFields;
    private int fields;
    /** Read last: what may be the length of an array. */
    private int last;

    BoundedReader(ByteBuffer buffer) {
        this(buffer, Integer.MAX_VALUE, MAX_FIELDS);
    }

    /**
     * Reads a message without longer arrays.
     *
     * @param longestArray
     *            a longer array throws {@link LongArrayException}
     * @param maxFields
     *            most fields, {@link #MAX_FIELDS} or less
     */
    BoundedReader(ByteBuffer buffer, int longestArray, int maxFields) {
        super(buffer);
        this.maxFields = maxFields;
        this.longestArray = longestArray;
    }

    /** The message has an array longer than was allowed. */
    static final class LongArrayException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LongArrayException() {
            super("a long array", null, false, false);
        }
    }

    /** Fields read so far. */
    int fields() {
        return fields;
    }

    private void count() {
        if (++fields > maxFields) {
            throw new IllegalArgumentException("it has more than " + maxFields + " fields");
        }
    }

    /** The message classes ask for this when they have read the length of an array. */
    @Override
    public int remaining() {
        if (last > longestArray) {
            throw new LongArrayException();
        }
        return Math.min(super.remaining(), maxFields - fields);
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
        last = super.readInt();
        return last;
    }

    @Override
    public long readLong() {
        count();
        return super.readLong();
    }

    @Override
    public int readUnsignedVarint() {
        count();
        int value = super.readUnsignedVarint();
        last = value - 1;
        return value;
    }
}
