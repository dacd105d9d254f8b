package io.taffrail.log.spi;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A run of stored batches, held until {@link #close}: what it points to is not deleted or reused
 * before. Closed exactly
 * once, by whoever took it, on any thread.
 */
public sealed interface LogSlice extends AutoCloseable {

    /** Length in bytes, at least 0. */
    int sizeBytes();

    @Override
    void close();

    /**
     * Bytes in a file, ready for {@code sendfile}.
     *
     * @param channel
     *            open for reading until closed; use positional reads only
     * @param position
     *            of the first byte
     * @param sizeBytes
     *            length
     * @param release
     *            run by {@link #close}
     */
    record FileSlice(FileChannel channel, long position, int sizeBytes,
            Runnable release) implements LogSlice {
        @Override
        public void close() {
            release.run();
        }
    }

    /**
     * Bytes in memory.
     *
     * @param buffer
     *            read-only use; position to limit is the slice
     * @param release
     *            run by {@link #close}
     */
    record BufferSlice(ByteBuffer buffer, Runnable release) implements LogSlice {
        @Override
        public int sizeBytes() {
            return buffer.remaining();
        }

        @Override
        public void close() {
            release.run();
        }
    }
}
