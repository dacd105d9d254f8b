package io.taffrail.log.local.segment;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** A reader of batches in a segment's file. Stateless and thread-safe. */
final class BatchFile {

    private static final int SCAN_BYTES = 8 << 10;

    private final Path path;
    private final long baseOffset;
    private final Holder holder;

    /** Access to the open file. The caller must release the handle. */
    interface Holder {
        OpenFiles.Handle hold() throws IOException;
    }

    /** A predicate on the batch header at position {@code at} of a buffer. */
    interface HeaderTest {
        boolean test(ByteBuffer buffer, int at) throws IOException;
    }

    BatchFile(Path path, long baseOffset, Holder holder) {
        this.path = path;
        this.baseOffset = baseOffset;
        this.holder = holder;
    }

    /**
     * Walks headers from {@code from}, where a batch must begin; returns the position of the first
     * one that matches, or {@code limit}.
     */
    int find(int from, int limit, HeaderTest wanted) throws IOException {
        OpenFiles.Handle held = holder.hold();
        try {
            ByteBuffer chunk = ByteBuffer.allocate(SCAN_BYTES);
            int position = from;
            while (position < limit) {
                int read = readChunk(held, chunk, position, limit);
                int at = 0;
                while (read - at >= BatchHeader.SIZE_BYTES) {
                    requireHeader(chunk, at, position + at, limit);
                    if (wanted.test(chunk, at)) {
                        return position + at;
                    }
                    at += BatchHeader.sizeBytes(chunk, at);
                }
                if (at == 0) {
                    throw new LogFailedException(
                            "%s ends at %d, inside a batch".formatted(path, position + read));
                }
                position += at;
            }
            return limit;
        } finally {
            held.release();
        }
    }

    /** Reads a chunk. If it cannot be read as a whole, reads only the header at its beginning. */
    private static int readChunk(OpenFiles.Handle held, ByteBuffer chunk, int position, int limit)
            throws IOException {
        chunk.clear().limit(Math.min(SCAN_BYTES, limit - position));
        try {
            return held.file().read(chunk, position);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            chunk.clear().limit(Math.min(BatchHeader.SIZE_BYTES, limit - position));
            try {
                return held.file().read(chunk, position);
            } catch (IOException second) {
                second.addSuppressed(e);
                throw second;
            }
        }
    }

    private void requireHeader(ByteBuffer chunk, int at, int position, int limit) {
        int size = BatchHeader.sizeBytes(chunk, at);
        if (BatchHeader.magic(chunk, at) != BatchHeader.MAGIC || size < BatchHeader.SIZE_BYTES
                || size > limit - position || BatchHeader.baseOffset(chunk, at) < baseOffset) {
            throw new LogFailedException(
                    "%s is damaged at %d: no batch begins there".formatted(path, position));
        }
    }

    /** Reads the header of one batch into a new buffer. */
    ByteBuffer readHeader(int position, int limit) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        OpenFiles.Handle held = holder.hold();
        try {
            held.file().read(header, position);
            requireHeader(header, 0, position, limit);
            return header.flip();
        } finally {
            held.release();
        }
    }

    /** Opens a range of the file as a stream, which the caller closes. */
    FileWindow window(int from, int end) throws IOException {
        return new FileWindow(holder.hold(), from, end);
    }

    /** Reads one whole batch into a new buffer. */
    ByteBuffer read(int position, int limit) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        OpenFiles.Handle held = holder.hold();
        try {
            held.file().read(header, position);
            requireHeader(header, 0, position, limit);
            ByteBuffer batch = ByteBuffer.allocate(BatchHeader.sizeBytes(header, 0));
            held.file().read(batch, position);
            return batch.flip();
        } finally {
            held.release();
        }
    }

    /** True if a batch with this base offset begins at {@code position}. */
    boolean begins(int position, long firstOffset) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        OpenFiles.Handle held = holder.hold();
        try {
            return held.file().read(header, position) == BatchHeader.SIZE_BYTES
                    && BatchHeader.magic(header, 0) == BatchHeader.MAGIC
                    && BatchHeader.baseOffset(header, 0) == firstOffset;
        } finally {
            held.release();
        }
    }

    /** Size of the batch at {@code position}, in bytes. */
    int sizeAt(int position) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.LENGTH_OVERHEAD_BYTES);
        OpenFiles.Handle held = holder.hold();
        try {
            held.file().read(header, position);
            return BatchHeader.sizeBytes(header, 0);
        } finally {
            held.release();
        }
    }

    /**
     * Visits contiguous batches with valid checksums, beginning at position {@code from} with
     * offset {@code nextOffset}; returns the position behind the last one. The visitor's buffer is
     * valid during the call.
     */
    int walkIntact(int from, long nextOffset, BatchVisitor visitor) throws IOException {
        OpenFiles.Handle held = holder.hold();
        try {
            long size = held.file().size();
            long expected = nextOffset;
            int position = from;
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (size - position >= BatchHeader.SIZE_BYTES) {
                buffer.clear().limit(BatchHeader.SIZE_BYTES);
                held.file().read(buffer, position);
                int batchSize = BatchHeader.sizeBytes(buffer, 0);
                if (!BatchHeader.isFramed(buffer, 0,
                        (int) Math.min(Integer.MAX_VALUE, size - position))
                        || BatchHeader.baseOffset(buffer, 0) != expected) {
                    break;
                }
                buffer = buffer.capacity() >= batchSize ? buffer : ByteBuffer.allocate(batchSize);
                buffer.clear().limit(batchSize);
                held.file().read(buffer, position);
                buffer.flip();
                if (!BatchHeader.isWhole(buffer, 0, batchSize)) {
                    break;
                }
                expected = BatchHeader.lastOffset(buffer, 0) + 1;
                visitor.visit(buffer, position);
                position += batchSize;
            }
            return position;
        } finally {
            held.release();
        }
    }
}
