package io.taffrail.log.local.inspect;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A sequential reader of a segment's batches through a large buffer. Not thread-safe. */
final class BatchReader implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final DiskFile file;
    private final long sizeBytes;
    private ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).limit(0);
    private long chunkPosition;

    BatchReader(Disk disk, Path path) throws IOException {
        file = disk.open(path);
        sizeBytes = file.size();
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Loads {@code bytes} from {@code position} into {@link #buffer}; returns their index in it.
     */
    int load(long position, int bytes) throws IOException {
        long at = position - chunkPosition;
        if (at >= 0 && at + bytes <= chunk.limit()) {
            return (int) at;
        }
        if (chunk.capacity() < bytes) {
            chunk = ByteBuffer.allocateDirect(bytes);
        }
        file.read(chunk.clear(), position);
        chunk.flip();
        chunkPosition = position;
        return 0;
    }

    ByteBuffer buffer() {
        return chunk;
    }

    /**
     * Size of the batch at {@code position} if it ends at or before {@code limit}; -1 if no batch
     * begins there. A {@link #load} of that size then loads the whole batch.
     */
    int batchSize(long position, long limit) throws IOException {
        if (limit - position < BatchHeader.SIZE_BYTES) {
            return -1;
        }
        int at = load(position, BatchHeader.SIZE_BYTES);
        long left = Math.min(limit - position, Integer.MAX_VALUE - at);
        return chunk.limit() - at >= BatchHeader.SIZE_BYTES
                && BatchHeader.isFramed(chunk, at, at + (int) left)
                        ? BatchHeader.sizeBytes(chunk, at)
                        : -1;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
