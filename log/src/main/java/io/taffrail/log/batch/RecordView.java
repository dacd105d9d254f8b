package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
     * @param nameBytes
     *            position to limit; UTF-8 in a record that keeps to the format, which no producer
     *            is made to do
     * @param value
     *            position to limit, or null
     */
    public record Header(ByteBuffer nameBytes, @Nullable ByteBuffer value) {

        public Header(String name, @Nullable ByteBuffer value) {
            this(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), value);
        }

        /** The name as text; bytes that are not UTF-8 are replaced. */
        public String name() {
            return StandardCharsets.UTF_8.decode(nameBytes.duplicate()).toString();
        }
    }

    /** Whether it has a key and no value. */
    public boolean isTombstone() {
        return key != null && value == null;
    }
}
