package io.taffrail.log.local.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file system as the engine uses it. Thread-safe. */
public interface Disk {

    /** The operating system's file system. */
    static Disk real() {
        return FileDisk.INSTANCE;
    }

    /**
     * Opens a file for reading and writing; creates it with access for its owner only if
     * it does not exist.
     */
    DiskFile openOrCreate(Path path) throws IOException;

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException
     *             if it does not exist
     */
    DiskFile open(Path path) throws IOException;

    /**
     * Opens an existing file for writing past the page cache, if the file system supports
     * that. Buffers must be direct; their addresses, the positions and the lengths must be
     * multiples of 4096.
     */
    default DiskFile openUncached(Path path) throws IOException {
        return open(path);
    }

    boolean exists(Path path);

    /** True if the path is a folder. */
    boolean isFolder(Path path);

    /** Names of a folder's entries, sorted; empty if the folder does not exist. */
    List<String> list(Path folder) throws IOException;

    /** Creates a folder and its missing parents with access for their owner only. */
    void createDirectories(Path folder) throws IOException;

    /**
     * Removes access to an existing folder for everyone but its owner; no effect on file systems
     * without access modes.
     */
    default void restrictToOwner(Path folder) throws IOException {}

    /** Deletes a file or an empty folder if it exists. */
    void delete(Path path) throws IOException;

    /** Renames atomically within a file system and replaces the target. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Locks a file for this process until it is closed or the process ends; creates it if it does
     * not exist. Empty if the lock is held already.
     */
    Optional<Closeable> lock(Path path) throws IOException;

    /** Bytes available to this process on the folder's file system. */
    long usableBytes(Path folder) throws IOException;

    /**
     * Forces the entries of a folder, so that created, renamed and deleted names
     * survive loss of power.
     */
    void forceDirectory(Path folder) throws IOException;
}
