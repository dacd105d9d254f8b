package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The one record of a control batch that ends a transaction (KIP-98): key
 * {@code version int16, type int16} with type 0
 * abort, 1 commit; value {@code version int16, coordinatorEpoch int32}.
 *
 * @param type
 *            what the control batch says of the transaction
 * @param coordinatorEpoch
 *            of the coordinator that wrote it; -1 where it ends no transaction
 */
public record EndMarker(Type type, int coordinatorEpoch) {

    /** What a control batch says of the transaction of its producer. */
    public enum Type {
        ABORT,
        COMMIT,
        /** Nothing: another type of control record, or no record because compaction removed it. */
        NONE
    }

    private static final EndMarker NONE = new EndMarker(Type.NONE, -1);

    /**
     * Reads the marker of the control batch at {@code at}; control batches are never compressed.
     *
     * @throws IllegalArgumentException
     *             if its record is not laid out as one
     */
    public static EndMarker read(ByteBuffer buffer, int at) {
        if (BatchHeader.recordCount(buffer, at) == 0) {
            return NONE;
        }
        if (BatchHeader.compression(buffer, at) != 0) {
            throw new IllegalArgumentException("a control record is compressed");
        }
        ByteBuffer record = buffer.duplicate();
        try {
            record.limit(at + BatchHeader.sizeBytes(buffer, at));
            record.position(at + BatchHeader.SIZE_BYTES);
            return read(record);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a control record ends too early", e);
        }
    }

    private static EndMarker read(ByteBuffer record) {
        skipVarint(record);
        record.get();
        skipVarint(record);
        skipVarint(record);
        skipVarint(record);
        record.getShort();
        short type = record.getShort();
        if (type != 0 && type != 1) {
            return NONE;
        }
        skipVarint(record);
        record.getShort();
        return new EndMarker(type == 0 ? Type.ABORT : Type.COMMIT, record.getInt());
    }

    private static void skipVarint(ByteBuffer in) {
        int read = 0;
        while (in.get() < 0) {
            if (++read > 9) {
                throw new IllegalArgumentException(
                        "a number of over ten bytes in a control record");
            }
        }
    }
}
