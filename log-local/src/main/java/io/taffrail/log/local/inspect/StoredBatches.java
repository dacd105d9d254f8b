package io.taffrail.log.local.inspect;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads the batches of a segment's file in order, as far as they are whole. */
public final class StoredBatches {

    /** Receives a batch; the buffer is valid during the call. */
    public interface Visitor {

        /**
         * Receives one batch.
         *
         * @param sound
         *            whether its checksum is right
         * @return false to end here
         */
        boolean batch(long position, ByteBuffer batch, boolean sound) throws IOException;
    }

    /**
     * Where reading ended.
     *
     * @param whole
     *            the file ended with a batch, or the visitor wanted no more
     */
    public record End(long position, boolean whole) {}

    private StoredBatches() {}

    /** Reads from {@code position}, where a batch has to begin, up to the end of the file. */
    public static End read(Disk disk, Path file, long position, Visitor visitor)
            throws IOException {
        try (BatchReader reader = new BatchReader(disk, file)) {
            long at = position;
            while (at < reader.sizeBytes()) {
                int size = reader.batchSize(at, reader.sizeBytes());
                if (size < 0) {
                    return new End(at, false);
                }
                int from = reader.load(at, size);
                ByteBuffer batch = reader.buffer().slice(from, size);
                if (!visitor.batch(at, batch, BatchHeader.isWhole(batch, 0, size))) {
                    return new End(at, true);
                }
                at += size;
            }
            return new End(at, true);
        }
    }
}
