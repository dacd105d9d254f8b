package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CleanerSettings;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.CleanerReport.LogCleaning;
import io.taffrail.log.spi.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine on a watched disk with compacted logs, for tests of the cleaner. */
final class CleanerFixture implements AutoCloseable {

    static final CleanerSettings SETTINGS = new CleanerSettings(1, Double.MAX_VALUE,
            Duration.ofHours(1), ByteSize.mebibytes(1));
    static final LogOptions COMPACTED = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(4096))
            .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE), Duration.ofHours(1)));

    final WatchedDisk disk = new WatchedDisk();
    final ManualClock clock = new ManualClock();
    final OwnerThread owner = new OwnerThread();
    private final Path dir;
    private int epoch;
    LocalLogEngine engine;

    CleanerFixture(Path dir, CleanerSettings settings) {
        this.dir = dir;
        this.engine = start(settings);
    }

    private LocalLogEngine start(CleanerSettings settings) {
        epoch++;
        return LocalLogEngine.open(dir, RecoveryTest.SMALL.withCleaner(settings),
                new Environment(disk.disk(), clock, Threads.platform()));
    }

    /** Stops as a kill would and starts again. */
    void kill(CleanerSettings settings) {
        engine.abandon();
        engine = start(settings);
    }

    LocalLog open(String name) {
        return open(name, COMPACTED);
    }

    LocalLog open(String name, LogOptions options) {
        return (LocalLog) engine.openForWrite(new LogId(name + "@x-0"), new Lease("node", epoch),
                options, owner).join();
    }

    void put(LocalLog log, String key, String value) {
        ByteBuffer batch = new BatchBuilder().add(clock.millis(),
                key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8))
                .build();
        AppendResult result = owner.call(() -> log.append(batch));
        OwnerThread.await(((AppendResult.Stored) result).durable());
    }

    /** Appends records of a few keys, which fill several segments. */
    void fill(LocalLog log, int records, int keys) {
        for (int i = 0; i < records; i++) {
            put(log, "key-" + i % keys, "x".repeat(200) + i);
        }
    }

    static Map<String, String> fold(LocalLog log) {
        Map<String, String> table = new TreeMap<>();
        for (RecordView record : LogReader.records(log, log.startOffset())) {
            table.put(text(record.key()), text(record.value()));
        }
        return table;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(Objects.requireNonNull(bytes).duplicate()).toString();
    }

    LogCleaning shown(LocalLog log) {
        return engine.cleaner().logs().stream().filter(it -> it.log().equals(log.id())).findAny()
                .orElseThrow();
    }

    Path folder(LocalLog log) {
        return log.stored().folder();
    }

    /** Requires that the folder of a log holds the files of its segments and no others. */
    void requireNoOtherFiles(LocalLog log) {
        List<String> expected = Stream.of(log.view().segments()).map(it -> it.path()
                .getFileName().toString()).sorted().toList();
        try (Stream<Path> files = Files.list(folder(log))) {
            assertThat(files.map(it -> it.getFileName().toString())
                    .filter(it -> !it.endsWith(".index") || it.contains(".c")).sorted()
                    .filter(it -> !expected.contains(it.replace(".index", ".log"))).toList())
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        disk.rule((name, path) -> {});
        engine.abandon();
        owner.close();
    }
}
