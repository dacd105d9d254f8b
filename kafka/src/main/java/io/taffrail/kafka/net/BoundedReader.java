package io.taffrail.kafka.net;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reader for a request's message that limits the number of fields, because each field becomes
 * objects many times larger than its bytes. An array that claims more elements than the remaining
 * fields is refused before it is allocated: the message classes compare its length with
 * {@link #remaining}.
 */
final class BoundedReader extends ByteBufferAccessor {

    /** Default limit, in fields; enough for a fetch of 70,000 partitions. */
    static final int MAX_FIELDS = 500_000;

    /** Limit for decoding on an event loop; enough to produce to 16,000 partitions. */
    static final int MAX_FIELDS_ON_LOOP = 50_000;

    private final int longestArray;
    private final int maxFields;
    private int fields;
    /** The last integer read, which may be the length of an array. */
    private int last;

    BoundedReader(ByteBuffer buffer) {
        this(buffer, Integer.MAX_VALUE, MAX_FIELDS);
    }

    /**
     * Creates a reader that also limits the length of arrays.
     *
     * @param longestArray
     *            a longer array makes {@link #remaining} throw {@link LongArrayException}
     * @param maxFields
     *            maximum number of fields; at most {@link #MAX_FIELDS}
     */
    BoundedReader(ByteBuffer buffer, int longestArray, int maxFields) {
        super(buffer);
        this.maxFields = maxFields;
        this.longestArray = longestArray;
    }

    /** Thrown for an array longer than the reader allows. */
    static final class LongArrayException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LongArrayException() {
            super("a long array", null, false, false);
        }
    }

    /** Number of fields read so far. */
    int fields() {
        return fields;
    }

    private void count() {
        if (++fields > maxFields) {
            throw new IllegalArgumentException("it has more than " + maxFields + " fields");
        }
    }

    /**
     * Bytes or fields left, whichever is less. The message classes call this after they have read
     * an array's length.
     */
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
