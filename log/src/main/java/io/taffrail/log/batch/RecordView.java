package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record read from a batch. Whether the buffers are views of the batch or copies is up
 * to the reader that made them.
 *
 * @param offset
 *            offset of the record in its log
 * @param timestampMs
 *            timestamp of the record, or of the batch if it has log append time;
 *            -1 if there is none
 * @param key
 *            from position to limit; null if the record has none
 * @param value
 *            from position to limit; null in a tombstone
 * @param headers
 *            headers in stored order
 */
public record RecordView(long offset, long timestampMs, @Nullable ByteBuffer key,
        @Nullable ByteBuffer value, List<Header> headers) {

    /**
     * A header of a record. Names may repeat.
     *
     * @param nameBytes
     *            from position to limit; UTF-8 according to the format, but producers are
     *            not required to comply
     * @param value
     *            from position to limit; may be null
     */
    public record Header(ByteBuffer nameBytes, @Nullable ByteBuffer value) {

        public Header(String name, @Nullable ByteBuffer value) {
            this(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), value);
        }

        /** Returns the name as text; bytes that are not valid UTF-8 are replaced. */
        public String name() {
            return StandardCharsets.UTF_8.decode(nameBytes.duplicate()).toString();
        }
    }

    /** Returns whether the record has a key and no value. */
    public boolean isTombstone() {
        return key != null && value == null;
    }
}
