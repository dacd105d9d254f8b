package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deletion of files that belong to no log. */
@Timeout(60)
final class SweepTest {

    private static final LogOptions SMALL_SEGMENTS = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(20_000));
    private static final LogOptions COMPACTED = SMALL_SEGMENTS
            .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE), Duration.ofHours(1)));
    private static final LogId LOG = new LogId("log@x-0");
    private static final LogId OTHER = new LogId("other@x-0");

    @TempDir
    private Path dir;
    private final WatchedDisk watched = new WatchedDisk();
    private final OwnerThread owner = new OwnerThread();
    private LocalLogEngine engine;
    private int epoch;

    @BeforeEach
    void start() {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                new Environment(watched.disk(), new ManualClock(), Threads.platform()));
        epoch++;
    }

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    private WritableLog open(LogId id, LogOptions options) {
        return engine.openForWrite(id, new Lease("node", epoch), options, owner).join();
    }

    private void fill(WritableLog log, int batches) {
        for (int i = 0; i < batches; i++) {
            ByteBuffer batch = new BatchBuilder().add(1, new byte[]{(byte) i},
                    new byte[5_000]).build();
            OwnerThread.await(
                    ((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
        }
    }

    private List<String> files(LogId log) throws IOException {
        Path folder = dir.resolve("logs").resolve(log.value());
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(it -> String.valueOf(it.getFileName())).sorted().toList();
        }
    }

    @Test
    void whatCouldNotBeDeletedGoesAtTheNextStart() throws IOException {
        WritableLog trimmed = open(LOG, SMALL_SEGMENTS);
        fill(trimmed, 12);
        fill(open(OTHER, SMALL_SEGMENTS), 3);
        watched.rule((name, path) -> {
            if (name.equals("delete") && path.contains("/logs/")) {
                throw new IOException("Input/output error");
            }
        });
        owner.run(() -> trimmed.trimTo(9));
        OwnerThread.await(engine.delete(OTHER));
        engine.close();
        assertThat(files(LOG)).contains("00000000000000000000.log");
        assertThat(files(OTHER)).isNotEmpty();
        start();
        assertThat(files(OTHER)).as("the disk still fails").isNotEmpty();
        engine.close();
        watched.rule((name, path) -> {});

        start();

        assertThat(files(LOG)).contains("00000000000000000009.log")
                .doesNotContain("00000000000000000000.log", "00000000000000000000.index");
        assertThat(dir.resolve("logs").resolve(OTHER.value())).doesNotExist();
        assertThat(open(LOG, SMALL_SEGMENTS).startOffset()).isEqualTo(9);
    }

    @Test
    void onlyFilesOfTheBrokerGo() throws IOException {
        fill(open(LOG, SMALL_SEGMENTS), 6);
        List<String> before = files(LOG);
        engine.abandon();
        Path folder = dir.resolve("logs").resolve(LOG.value());
        Files.createFile(folder.resolve("00000000000000000000.c3.log"));
        Files.createFile(folder.resolve("00000000000000000000.c3.index"));
        Files.createFile(folder.resolve("00000000000000000777.log"));
        Files.createFile(folder.resolve("notes.txt"));
        Files.createFile(dir.resolve("logs").resolve("a-file"));
        Files.createFile(dir.resolve("checkpoint.new"));
        Path unknown = Files.createDirectory(dir.resolve("logs").resolve("unknown@1-0"));
        Files.createFile(unknown.resolve("00000000000000000000.log"));
        Files.createFile(unknown.resolve("saved.copy"));
        Path empty = Files.createDirectory(dir.resolve("logs").resolve("empty@1-0"));

        start();

        assertThat(files(LOG)).containsAll(before).contains("notes.txt")
                .doesNotContain("00000000000000000000.c3.log", "00000000000000000000.c3.index",
                        "00000000000000000777.log");
        assertThat(files(new LogId("unknown@1-0"))).containsExactly("saved.copy");
        assertThat(empty).doesNotExist();
        assertThat(dir.resolve("logs").resolve("a-file")).exists();
        assertThat(dir.resolve("checkpoint.new")).doesNotExist();
        assertThat(open(LOG, SMALL_SEGMENTS).durableEnd()).isEqualTo(6);
    }

    @Test
    void aCompactionWithoutRoomLeavesNothing() throws IOException {
        WritableLog log = open(LOG, COMPACTED);
        fill(log, 12);
        List<String> before = files(LOG);
        for (String operation : List.of("write", "force", "openOrCreate", "forceDirectory")) {
            watched.rule((name, path) -> {
                if (name.equals(operation) && (path.contains(".c1.")
                        || (name.equals("forceDirectory") && path.endsWith(LOG.value())))) {
                    throw new IOException("No space left on device");
                }
            });
            engine.compact();
            assertThat(files(LOG)).as(operation).isEqualTo(before);
        }
        watched.rule((name, path) -> {});

        engine.compact();

        assertThat(files(LOG)).filteredOn(it -> it.endsWith(".c1.log")).hasSize(3);
    }

    @Test
    void theJournalIsForcedBeforeAReplayDeletes() throws IOException {
        WritableLog trimmed = open(LOG, SMALL_SEGMENTS);
        fill(trimmed, 12);
        watched.rule((name, path) -> {
            if (name.equals("delete") && path.contains("/logs/")) {
                throw new IOException("the process is about to be killed");
            }
        });
        owner.run(() -> trimmed.trimTo(9));
        fill(trimmed, 1);
        engine.abandon();
        watched.rule((name, path) -> {});
        watched.operations().clear();

        start();

        List<String> done = watched.operations().stream()
                .filter(it -> (it.startsWith("force ") && it.endsWith(".journal"))
                        || (it.startsWith("delete ") && it.contains("/logs/")))
                .map(it -> it.substring(0, it.indexOf(' '))).toList();
        assertThat(done).startsWith("force").contains("delete");
    }
}
