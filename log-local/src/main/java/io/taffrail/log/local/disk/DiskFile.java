package io.taffrail.log.local.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * An open file. Positional and safe for any thread; what was written survives loss of power only
 * after {@link #force}.
 */
public interface DiskFile extends AutoCloseable {

    /**
     * Writes everything that remains in {@code source} at {@code position}; its position ends at
     * its limit.
     */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Fills {@code target} as far as the file goes; returns the number of bytes read, 0 at or after
     * the end.
     */
    int read(ByteBuffer target, long position) throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;

    /**
     * Forces contents, and metadata as far as needed to read them back; with {@code metadata} all
     * of it.
     */
    void force(boolean metadata) throws IOException;

    /** The channel for {@code sendfile}, where the file has one. */
    Optional<FileChannel> channel();

    @Override
    void close() throws IOException;
}
