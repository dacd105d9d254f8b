package io.taffrail.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The temporary directory of this JVM, which only its user may read: the broker's jars and the data
 * of brokers. Deleted when the JVM ends. A JVM that was killed leaves its directory behind; the
 * next one deletes it, as the lock of a directory is held for as long as its JVM lives.
 */
final class Scratch {

    private static final String PREFIX = "taffrail-testkit-";
    private static final String LOCK = "lock";

    /** Created when first asked for. */
    private static final class Held {
        private static final Path DIRECTORY = create();
    }

    private Scratch() {}

    /** A new directory in it. */
    static Path newDirectory(String name) {
        try {
            return Files.createTempDirectory(Held.DIRECTORY, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with everything in it. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path create() {
        try {
            Path directory = Files.createTempDirectory(PREFIX);
            deleteAbandoned(directory);
            FileChannel lock = FileChannel.open(directory.resolve(LOCK),
                    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("taffrail-scratch")
                    .unstarted(() -> {
                        delete(directory);
                        close(lock);
                    }));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory without a lock file is of a JVM that is about to lock it. */
    private static void deleteAbandoned(Path own) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(own.getParent(),
                PREFIX + "*")) {
            for (Path other : others) {
                if (!other.equals(own) && Files.isWritable(other.resolve(LOCK))) {
                    deleteIfAbandoned(other);
                }
            }
        }
    }

    private static void deleteIfAbandoned(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK),
                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                delete(directory);
            }
        } catch (NoSuchFileException e) {
            // Deleted or begun by another JVM at this moment.
        }
    }

    private static void close(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
