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
 * The temporary directory of this JVM, accessible to its user only: the broker's jars and the data
 * of brokers. Deleted when the JVM ends. A killed JVM leaves its directory behind; a later JVM
 * deletes it, because a directory is locked as long as its JVM lives.
 */
final class Scratch {

    private static final String PREFIX = "taffrail-testkit-";
    private static final String LOCK = "lock";

    /** Created on first use. */
    private static final class Held {
        private static final Path DIRECTORY = create();
    }

    private Scratch() {}

    /** Creates a directory in it. */
    static Path newDirectory(String name) {
        try {
            return Files.createTempDirectory(Held.DIRECTORY, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory and its content. */
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

    /**
     * Deletes directories of ended JVMs. One without a lock file belongs to a JVM that is about to
     * lock it, and stays.
     */
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
            // Another JVM has just deleted it.
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
