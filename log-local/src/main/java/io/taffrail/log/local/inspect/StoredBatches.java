package io.taffrail.log.local.inspect;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A sequential reader of the whole batches in a segment's file. */
public final class StoredBatches {

    /** A receiver of batches. The buffer is valid during the call. */
    public interface Visitor {

        /**
         * Receives one batch.
         *
         * @param sound
         *            true if its checksum matches
         * @return false to stop reading
         */
        boolean batch(long position, ByteBuffer batch, boolean sound) throws IOException;
    }

    /**
     * The end of reading.
     *
     * @param whole
     *            true if the file ended with a whole batch, or the visitor stopped the reading
     */
    public record End(long position, boolean whole) {}

    private StoredBatches() {}

    /** Reads from {@code position}, where a batch must begin, to the end of the file. */
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
