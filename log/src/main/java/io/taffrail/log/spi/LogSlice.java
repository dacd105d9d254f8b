package io.taffrail.log.spi;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A range of stored batches, kept in place until {@link #close}: its bytes are not deleted
 * or reused before that. The receiver must close it exactly once, on any thread.
 */
public sealed interface LogSlice extends AutoCloseable {

    /** Length in bytes, at least 0. */
    int sizeBytes();

    @Override
    void close();

    /**
     * A range of a file, which can be sent with {@code sendfile}.
     *
     * @param channel
     *            channel of the file, open for reading until {@link #close};
     *            only positional reads are allowed
     * @param position
     *            position of the first byte in the file
     * @param sizeBytes
     *            length in bytes
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
     * A range of memory.
     *
     * @param buffer
     *            the bytes from position to limit; must not be written
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
