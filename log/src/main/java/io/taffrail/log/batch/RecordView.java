package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as read from a batch.
 *
 * @param timestampMs
 *            as stored, or the batch's where the broker set it; -1 for none
 * @param key
 *            position to limit; null if the record has none
 * @param value
 *            position to limit; null in a tombstone
 */
public record RecordView(long offset, long timestampMs, @Nullable ByteBuffer key,
        @Nullable ByteBuffer value, List<Header> headers) {

    /**
     * A header of a record; names may repeat.
     *
     * @param value
     *            position to limit, or null
     */
    public record Header(String name, @Nullable ByteBuffer value) {}

    /** Whether it has a key and no value. */
    public boolean isTombstone() {
        return key != null && value == null;
    }
}
