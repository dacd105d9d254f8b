package io.taffrail.log.local.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * A read-only view of a disk: writes fail, and deletions have no effect, because readers only
 * delete to tidy up.
 */
public final class ReadOnlyDisk implements Disk {

    /** Opens a file for reading. */
    private interface Opener {
        DiskFile open(Path path) throws IOException;
    }

    private final Disk disk;
    private final Opener opener;

    private ReadOnlyDisk(Disk disk, Opener opener) {
        this.disk = disk;
        this.opener = opener;
    }

    /**
     * A view of the operating system's file system; files are opened read-only, as a
     * read-only mount requires.
     */
    public static ReadOnlyDisk real() {
        return new ReadOnlyDisk(Disk.real(),
                path -> new ReadFile(openRegular(path)));
    }

    /** Opens a regular file only: opening a pipe for reading would block until it has a writer. */
    private static FileChannel openRegular(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
            throw new FileSystemException(path.toString(), null, "not a regular file");
        }
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    /** A view of another disk. */
    public static ReadOnlyDisk over(Disk disk) {
        return new ReadOnlyDisk(disk, disk::open);
    }

    @Override
    public DiskFile openOrCreate(Path path) throws IOException {
        throw refused(path);
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return opener.open(path);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public boolean isFolder(Path path) {
        return disk.isFolder(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void createDirectories(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw refused(folder);
        }
    }

    @Override
    public void delete(Path path) {}

    @Override
    public void rename(Path from, Path to) throws IOException {
        throw refused(from);
    }

    @Override
    public Optional<Closeable> lock(Path path) throws IOException {
        throw refused(path);
    }

    @Override
    public long usableBytes(Path folder) {
        return 0;
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        throw refused(folder);
    }

    private static IOException refused(Path path) {
        return new IOException(path + " is not to be changed");
    }

    private record ReadFile(FileChannel open) implements DiskFile {

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            throw new IOException("opened for reading");
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = open.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public long size() throws IOException {
            return open.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            throw new IOException("opened for reading");
        }

        @Override
        public void force(boolean metadata) throws IOException {
            throw new IOException("opened for reading");
        }

        @Override
        public Optional<FileChannel> channel() {
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            open.close();
        }
    }
}
