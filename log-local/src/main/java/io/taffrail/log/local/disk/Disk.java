package io.taffrail.log.local.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file system as the engine sees it. Safe for any thread. */
public interface Disk {

    /** The operating system's file system. */
    static Disk real() {
        return FileDisk.INSTANCE;
    }

    /**
     * Opens for reading and writing, creating the file, for its owner alone, where it does not
     * exist.
     */
    DiskFile openOrCreate(Path path) throws IOException;

    /**
     * Opens for reading and writing; {@link java.nio.file.NoSuchFileException} where it does not
     * exist.
     */
    DiskFile open(Path path) throws IOException;

    /**
     * Opens an existing file for writing past the page cache, where the file system can. Then
     * buffers
     * must be direct, and their addresses, the positions and the lengths multiples of 4096.
     */
    default DiskFile openUncached(Path path) throws IOException {
        return open(path);
    }

    boolean exists(Path path);

    /** Whether the path is that of a folder. */
    boolean isFolder(Path path);

    /** Names in a folder, sorted; none where the folder does not exist. */
    List<String> list(Path folder) throws IOException;

    /** Creates a folder and its missing parents, for their owner alone. */
    void createDirectories(Path folder) throws IOException;

    /**
     * Takes an existing folder's rights from everybody but its owner; where there are none,
     * nothing.
     */
    default void restrictToOwner(Path folder) throws IOException {}

    /** Deletes a file or an empty folder if it exists. */
    void delete(Path path) throws IOException;

    /** Renames within a file system, replacing the target at once. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Takes a file for this process alone until it is closed, or until the process ends; nothing if
     * another holds it. The file is created where it does not exist.
     */
    Optional<Closeable> lock(Path path) throws IOException;

    /** Bytes that may still be written to the file system of a folder. */
    long usableBytes(Path folder) throws IOException;

    /** Forces the names in a folder. */
    void forceDirectory(Path folder) throws IOException;
}
