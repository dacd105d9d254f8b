package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A data directory with two logs of several segments, for tests that damage it. */
public final class SampleDirectory {

    public static final LogId A = new LogId("a@1-0");
    public static final LogId B = new LogId("b@2-0");
    private static final int BATCHES = 60;
    private static final int VALUE_BYTES = 10 << 10;
    private static final int HASHED_BYTES = 8 << 20;

    private final Path path;
    private final ManualClock clock = new ManualClock();

    public SampleDirectory(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** Creates two logs, each with three segments and 60 batches; stopped cleanly. */
    public SampleDirectory filled() {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = open();
            fill(engine, owner, 1);
            engine.close();
        }
        return this;
    }

    /**
     * Fills the directory, then kills the engine with one more batch in each log, which only
     * the journal has.
     */
    public SampleDirectory killed() {
        filled();
        killedAgain(2);
        return this;
    }

    /** Creates two logs whose batches are only in the journal, in several files. */
    SampleDirectory killedOverManyFiles() {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(path, JournalFilesRecoveryTest.MANY_FILES,
                    clock);
            for (int run = 0; run < 3; run++) {
                fill(engine, owner, run + 1);
            }
            engine.abandon();
        }
        return this;
    }

    /** Reads the number of a journal file from its header. */
    static long journalNumber(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
            channel.read(number, 16);
            return number.getLong(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the engine, appends one more batch to each log, and kills it. */
    public void killedAgain(int epoch) {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = open();
            for (LogId id : List.of(A, B)) {
                WritableLog log = writer(engine, id, epoch, owner);
                append(log, owner, (int) log.nextOffset(), id);
            }
            engine.abandon();
        }
    }

    public LocalLogEngine open() {
        return LocalLogEngine.open(path, RecoveryTest.SMALL, clock);
    }

    private static void fill(LocalLogEngine engine, OwnerThread owner, int epoch) {
        for (LogId id : List.of(A, B)) {
            WritableLog log = writer(engine, id, epoch, owner);
            IntStream.range(0, BATCHES).forEach(it -> append(log, owner, it, id));
        }
    }

    public static WritableLog writer(LocalLogEngine engine, LogId id, int epoch,
            OwnerThread owner) {
        LogOptions options = LogOptions.defaults().withDurability(Durability.FSYNC)
                .withSegmentBytes(new ByteSize(200_000 + (id.equals(A) ? 0 : VALUE_BYTES + 100)));
        return engine.openForWrite(id, new Lease("node", epoch), options, owner).join();
    }

    private static void append(WritableLog log, OwnerThread owner, int index, LogId id) {
        ByteBuffer batch = new BatchBuilder()
                .add(1000 + index + (id.equals(A) ? 0 : 50), null, new byte[VALUE_BYTES]).build();
        OwnerThread.await(owner.call(() -> ((AppendResult.Stored) log.append(batch)).durable()));
    }

    public Path segment(LogId log, int index) {
        return files(log, ".log").get(index);
    }

    public Path index(LogId log, int index) {
        return files(log, ".index").get(index);
    }

    private List<Path> files(LogId log, String suffix) {
        return list(path.resolve("logs").resolve(log.value())).stream()
                .filter(it -> it.toString().endsWith(suffix)).toList();
    }

    /** The journal file that was written last. */
    public Path journal() {
        return list(path.resolve("journal")).stream()
                .max(Comparator.comparingLong(it -> it.toFile().lastModified())).orElseThrow();
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void flip(Path file, long position) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x10));
            channel.write(one.flip(), position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void truncate(Path file, long size) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void swap(Path one, Path other) {
        try {
            Path between = one.resolveSibling("between");
            Files.move(one, between);
            Files.move(other, one);
            Files.move(between, other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all files in the directory but the lock, which any start makes. */
    public String names() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.map(file -> path.relativize(file).toString())
                    .filter(name -> !name.equals("lock")).sorted().toList().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Names, sizes and checksums of all files in the directory but the lock; of large files, only
     * the start is hashed.
     */
    public String hash() {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                String what = "folder";
                if (!Files.isDirectory(file)) {
                    CRC32C crc = new CRC32C();
                    try (InputStream in = Files.newInputStream(file)) {
                        crc.update(in.readNBytes(HASHED_BYTES));
                    }
                    what = Files.size(file) + "/" + crc.getValue();
                }
                all.put(path.relativize(file).toString(), what);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.remove("lock");
        return all.toString();
    }
}
