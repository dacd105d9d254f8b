package io.taffrail.log.local;

import io.taffrail.log.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random damage to files of a stopped data directory. */
final class RandomDamage {

    private static final int LARGEST_BYTES = 20_000;

    /** Kinds of damage. */
    private enum Kind {
        FLIP, NOISE, ZEROS, TRUNCATE, EMPTY, APPEND, EXTEND, DELETE, FOLDER, NEWCOMER
    }

    /** A damaged range of a file; its bytes may differ from the stored ones. */
    record Damage(Kind kind, Path file, long from, long to) {

        boolean isSegmentOf(Path directory, LogId log) {
            return file.startsWith(directory.resolve("logs").resolve(log.value()))
                    && file.toString().endsWith(".log");
        }
    }

    private final Path directory;
    private final Random random;

    RandomDamage(Path directory, Random random) {
        this.directory = directory;
        this.random = random;
    }

    /** Damages one to three files. */
    List<Damage> apply() throws IOException {
        List<Damage> damages = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            List<Path> files = files();
            damages.add(damage(files.get(random.nextInt(files.size()))));
        }
        return damages;
    }

    /**
     * Upper bound of the number of batches of {@code batchBytes} bytes hit by all damage to
     * a log's segments.
     */
    static long batchesIn(List<Damage> damages, Path directory, LogId log, int batchBytes) {
        return damages.stream().filter(it -> it.isSegmentOf(directory, log))
                .mapToLong(it -> (it.to - it.from) / batchBytes + 2).sum();
    }

    private Damage damage(Path file) throws IOException {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        long size = Files.size(file);
        long from = size == 0 ? 0 : random.nextLong(size);
        long to = Math.min(size, from + 1 + random.nextInt(LARGEST_BYTES));
        switch (kind) {
            case FLIP -> {
                to = Math.min(size, from + 1);
                write(file, from, flipped(file, from));
            }
            case NOISE -> write(file, from, noise((int) (to - from)));
            case ZEROS -> write(file, from, new byte[(int) (to - from)]);
            case TRUNCATE -> {
                to = size;
                SampleDirectory.truncate(file, from);
            }
            case EMPTY -> {
                from = 0;
                to = size;
                SampleDirectory.truncate(file, 0);
            }
            case APPEND -> {
                from = size;
                to = size;
                write(file, size, noise(1 + random.nextInt(LARGEST_BYTES)));
            }
            case EXTEND -> {
                from = size;
                to = size;
                write(file, (3L << 30) + random.nextInt(1 << 20), new byte[1]);
            }
            case DELETE, FOLDER -> {
                from = 0;
                to = size;
                Files.delete(file);
                if (kind == Kind.FOLDER) {
                    Files.createDirectory(file);
                }
            }
            case NEWCOMER -> {
                from = 0;
                to = 0;
                newcomer(file);
            }
        }
        return new Damage(kind, file, from, to);
    }

    /** Adds a file with a name similar to the broker's own. */
    private void newcomer(Path file) throws IOException {
        String name = file.getFileName().toString();
        String suffix = name.contains(".") ? name.substring(name.lastIndexOf('.')) : "";
        List<String> names = List.of(name + ".new", name + "~", "%020d".formatted(7) + suffix,
                "99999999999999999999" + suffix, "\u202e" + suffix);
        Files.write(file.resolveSibling(names.get(random.nextInt(names.size()))),
                noise(random.nextInt(LARGEST_BYTES)));
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] flipped(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            if (channel.read(one, position) < 1) {
                return new byte[0];
            }
            return new byte[]{(byte) (one.get(0) ^ 1 << random.nextInt(8))};
        }
    }

    private static void write(Path file, long position, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
