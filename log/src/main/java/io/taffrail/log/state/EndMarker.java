package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The record of a control batch that ends a transaction (KIP-98).
 * Key: {@code version int16, type int16} with type 0 for abort, 1 for commit. Value:
 * {@code version int16, coordinatorEpoch int32}.
 *
 * @param type
 *            effect of the control batch on its producer's transaction
 * @param coordinatorEpoch
 *            epoch of the coordinator that wrote the marker; -1 for {@link Type#NONE}
 */
public record EndMarker(Type type, int coordinatorEpoch) {

    /** The effect of a control batch on its producer's transaction. */
    public enum Type {
        ABORT,
        COMMIT,
        /**
         * No effect: another type of control record, or no record because compaction removed it.
         */
        NONE
    }

    private static final EndMarker NONE = new EndMarker(Type.NONE, -1);

    /**
     * Reads the marker of the control batch at index {@code at}.
     * Control batches are never compressed.
     *
     * @throws IllegalArgumentException
     *             if the batch is compressed or its record is malformed
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
                        "a number of more than ten bytes in a control record");
            }
        }
    }
}
