package io.taffrail.log.local.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * An open file with positional access. Thread-safe. Written bytes survive loss of power only
 * after {@link #force}.
 */
public interface DiskFile extends AutoCloseable {

    /**
     * Writes the remaining bytes of {@code source} at {@code position}; the source's position
     * advances to its limit.
     */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Reads until {@code target} is full or the file ends; returns the number of bytes read, 0 at
     * or behind the end.
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Current size in bytes. */
    long size() throws IOException;

    /** Cuts the file to {@code size} bytes; no effect if it is not longer. */
    void truncate(long size) throws IOException;

    /**
     * Forces the contents and the metadata needed to read them; all metadata if {@code metadata}.
     */
    void force(boolean metadata) throws IOException;

    /** The channel for {@code sendfile}; empty if the file has none. */
    Optional<FileChannel> channel();

    @Override
    void close() throws IOException;
}
