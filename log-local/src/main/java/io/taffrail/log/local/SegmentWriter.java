package io.taffrail.log.local;

import io.taffrail.log.local.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes batches to a new segment, many at once. Takes {@value #BUFFER_BYTES} bytes of memory.
 * For a single thread.
 */
final class SegmentWriter {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int INDEX_INTERVAL_BYTES = 4096;

    private final Segment segment;
    private final long lastAppendMs;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /**
     * @param segment
     *            an empty segment that is not part of a log
     * @param lastAppendMs
     *            time of the last append to the segments that it replaces
     */
    SegmentWriter(Segment segment, long lastAppendMs) {
        this.segment = segment;
        this.lastAppendMs = lastAppendMs;
    }

    void write(ByteBuffer batch) throws IOException {
        int position = segment.sizeBytes();
        if (batch.remaining() > Integer.MAX_VALUE - position) {
            throw new IOException(segment.path() + " would exceed 2 GiB");
        }
        if (batch.remaining() > buffer.remaining()) {
            flush();
        }
        if (batch.remaining() > buffer.capacity()) {
            segment.write(batch, position);
        } else {
            buffer.put(batch.duplicate());
        }
        segment.appended(batch, position, INDEX_INTERVAL_BYTES, lastAppendMs);
    }

    /** Writes what is still in the buffer. */
    void flush() throws IOException {
        if (buffer.position() > 0) {
            segment.write(buffer.flip(), segment.sizeBytes() - buffer.limit());
            buffer.clear();
        }
    }
}
