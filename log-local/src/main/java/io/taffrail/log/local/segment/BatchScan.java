package io.taffrail.log.local.segment;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * An iterator over the batches of sealed segments that reads many batches at once. Verifies each
 * checksum. A batch is valid until the next one is taken. Takes {@value #BUFFER_BYTES} bytes of
 * memory, or those of the largest batch. For a single thread.
 */
public final class BatchScan implements Iterator<ByteBuffer> {

    private static final int BUFFER_BYTES = 256 << 10;

    private final Iterator<Segment> segments;
    private final Pace pace;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private Segment segment;
    /** Position in the segment of the first byte in the buffer. */
    private int bufferAt;
    private int limit;
    /** First offset that may come next. */
    private long nextOffset;

    /** Is told of every read and write; may wait, or end the work by an exception. */
    public interface Pace {

        /** Does not limit the work. */
        Pace FREE = bytes -> {};

        void moved(int bytes);
    }

    /**
     * @param sealed
     *            at least one segment
     */
    public BatchScan(List<Segment> sealed, Pace pace) {
        this.pace = pace;
        segments = sealed.iterator();
        segment = segments.next();
        limit = segment.sizeBytes();
    }

    private int position() {
        return bufferAt + buffer.position();
    }

    @Override
    public boolean hasNext() {
        while (position() >= limit && segments.hasNext()) {
            segment = segments.next();
            limit = segment.sizeBytes();
            bufferAt = 0;
            buffer.clear().limit(0);
        }
        return position() < limit;
    }

    @Override
    public ByteBuffer next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            require(BatchHeader.SIZE_BYTES);
            int size = requireHeader();
            require(size);
            ByteBuffer batch = buffer.slice(buffer.position(), size);
            if (!BatchHeader.isWhole(batch, 0, size)) {
                throw damaged("the checksum is wrong");
            }
            buffer.position(buffer.position() + size);
            nextOffset = BatchHeader.lastOffset(batch, 0) + 1;
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + segment.path(), e);
        }
    }

    /** Checks what the checksum does not cover; returns the size of the batch. */
    private int requireHeader() {
        int at = buffer.position();
        int size = BatchHeader.sizeBytes(buffer, at);
        if (BatchHeader.magic(buffer, at) != BatchHeader.MAGIC || size < BatchHeader.SIZE_BYTES
                || size > limit - position()
                || BatchHeader.baseOffset(buffer, at) < Math.max(nextOffset,
                        segment.baseOffset())) {
            throw damaged("no batch begins there");
        }
        return size;
    }

    /** Makes the buffer hold the next {@code bytes}. */
    private void require(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        bufferAt = position();
        int kept = buffer.remaining();
        if (bytes > buffer.capacity() || buffer.capacity() > BUFFER_BYTES) {
            buffer = ByteBuffer.allocate(Math.max(bytes, BUFFER_BYTES)).put(buffer);
        } else {
            buffer.compact();
        }
        buffer.position(kept).limit(Math.min(buffer.capacity(), limit - bufferAt));
        fill(kept);
        if (buffer.remaining() < bytes) {
            throw damaged("the file ends inside a batch");
        }
    }

    private void fill(int kept) throws IOException {
        OpenFiles.Handle held = segment.hold();
        int read = 0;
        try {
            read = held.file().read(buffer, bufferAt + kept);
        } finally {
            held.release();
            buffer.position(0).limit(kept + read);
        }
        pace.moved(read);
    }

    private LogFailedException damaged(String what) {
        return new LogFailedException(
                "%s is damaged at %d: %s".formatted(segment.path(), position(), what));
    }
}
