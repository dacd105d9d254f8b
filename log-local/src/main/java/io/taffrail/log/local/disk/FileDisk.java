package io.taffrail.log.local.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's file system. On POSIX file systems folders are created with mode 0700 and
 * files with 0600, set by the creating call, so that no other user can open them at any time.
 */
final class FileDisk implements Disk {

    static final FileDisk INSTANCE = new FileDisk();

    private static final Logger LOG = LoggerFactory.getLogger(FileDisk.class);

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions
            .fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions
            .fromString("rw-------");

    private FileDisk() {}

    @Override
    public DiskFile openOrCreate(Path path) throws IOException {
        return new ChannelFile(create(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    private static FileChannel create(Path path, OpenOption... options) throws IOException {
        return FileChannel.open(path, Set.of(options), ownersAlone(path, FILE));
    }

    /** The mode as a file attribute; empty if the file system has no modes. */
    private static FileAttribute<?>[] ownersAlone(Path path, Set<PosixFilePermission> mode) {
        return isPosix(path)
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new ChannelFile(
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile openUncached(Path path) throws IOException {
        try {
            return new ChannelFile(FileChannel.open(path, StandardOpenOption.WRITE,
                    uncached()));
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("{} is written through the page cache", path, e);
            return open(path);
        }
    }

    /**
     * The JDK's option for {@code O_DIRECT}, looked up by name because it is not part of Java SE.
     */
    private static OpenOption uncached() {
        try {
            Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption")
                    .getEnumConstants();
            for (Object option : options) {
                if (option instanceof OpenOption found && "DIRECT".equals(option.toString())) {
                    return found;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException(e);
        }
        throw new UnsupportedOperationException("no option for direct writes");
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public boolean isFolder(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void createDirectories(Path folder) throws IOException {
        Files.createDirectories(folder, ownersAlone(folder, FOLDER));
    }

    @Override
    public void restrictToOwner(Path folder) throws IOException {
        if (!isPosix(folder)) {
            return;
        }
        Set<PosixFilePermission> mode = EnumSet.copyOf(FOLDER);
        Set<PosixFilePermission> present = Files.getPosixFilePermissions(folder);
        mode.retainAll(present);
        if (!mode.equals(present)) {
            Files.setPosixFilePermissions(folder, mode);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Optional<Closeable> lock(Path path) throws IOException {
        FileChannel file = create(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return Optional.of(file);
            }
        } catch (OverlappingFileLockException e) {
            // This process holds the lock: the file is closed below, as if another process held it.
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record ChannelFile(FileChannel open) implements DiskFile {

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += open.write(source, at);
            }
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
            open.truncate(size);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            open.force(metadata);
        }

        @Override
        public Optional<FileChannel> channel() {
            return Optional.of(open);
        }

        @Override
        public void close() throws IOException {
            open.close();
        }
    }
}
