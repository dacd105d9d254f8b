package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;

/**
 * The one record of a control batch that ends a transaction (KIP-98): key
 * {@code version int16, type int16} with type 0
 * abort, 1 commit; value {@code version int16, coordinatorEpoch int32}.
 */
record EndMarker(boolean isAbort, int coordinatorEpoch) {

    /**
     * Reads the marker of the control batch at {@code at}; control batches are never compressed.
     */
    static EndMarker read(ByteBuffer buffer, int at) {
        ByteBuffer record = buffer.duplicate();
        record.position(at + BatchHeader.SIZE_BYTES);
        skipVarint(record);
        record.get();
        skipVarint(record);
        skipVarint(record);
        skipVarint(record);
        record.getShort();
        short type = record.getShort();
        skipVarint(record);
        record.getShort();
        return new EndMarker(type == 0, record.getInt());
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
