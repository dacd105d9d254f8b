package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recovery after clean and unclean stops. */
final class RecoveryTest {

    private static final LogId LOG = new LogId("orders@x-0");
    static final LocalLogConfig SMALL = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(2),
            Duration.ofMinutes(1), ByteSize.mebibytes(64), 8, Duration.ofHours(1),
            ByteSize.mebibytes(1));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private final List<LocalLogEngine> engines = new ArrayList<>();
    private int epoch;

    @AfterEach
    void stop() {
        engines.forEach(LocalLogEngine::abandon);
        owner.close();
    }

    private LocalLogEngine start() {
        LocalLogEngine engine = LocalLogEngine.open(dir, SMALL, InstantSource.system());
        engines.add(engine);
        epoch++;
        return engine;
    }

    private void crash(LocalLogEngine engine) {
        engine.abandon();
        engines.remove(engine);
    }

    private void close(LocalLogEngine engine) {
        engine.close();
        engines.remove(engine);
    }

    private WritableLog open(LogEngine engine, LogId id, LogOptions options) {
        return engine.openForWrite(id, new Lease("node", epoch), options, owner).join();
    }

    private static ByteBuffer batch(String... values) {
        BatchBuilder builder = new BatchBuilder();
        for (String value : values) {
            builder.add(1000, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    private AppendResult.Stored append(WritableLog log, ByteBuffer batch) {
        return (AppendResult.Stored) owner.call(() -> log.append(batch));
    }

    private void appendDurably(WritableLog log, String... values) {
        append(log, batch(values)).durable().join();
    }

    private static List<String> read(WritableLog log, long from) {
        return LogReader.records(log, from).stream().map(it -> it.offset() + "="
                + StandardCharsets.UTF_8.decode(Objects.requireNonNull(it.value()))).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"FSYNC", "OS"})
    void keepsAcknowledgedBatchesOverAKill(Durability durability) {
        LogOptions options = LogOptions.defaults().withDurability(durability);
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, options);
        appendDurably(log, "a", "b");
        appendDurably(log, "c");
        crash(engine);
        WritableLog again = open(start(), LOG, options);
        assertThat(again.durableEnd()).isEqualTo(3);
        appendDurably(again, "d");
        assertThat(read(again, 0)).containsExactly("0=a", "1=b", "2=c", "3=d");
    }

    @ParameterizedTest
    @EnumSource(names = {"FSYNC", "OS"})
    void keepsBatchesOfManySegmentsOverKillsAndStops(Durability durability) {
        LogOptions options = LogOptions.defaults().withDurability(durability)
                .withSegmentBytes(new ByteSize(10_000));
        List<String> expected = new ArrayList<>();
        int next = 0;
        for (int round = 0; round < 6; round++) {
            LocalLogEngine engine = start();
            WritableLog log = open(engine, LOG, options);
            assertThat(log.nextOffset()).as("round %d", round).isEqualTo(next);
            CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < 500; i++) {
                String value = "value-" + next + "-" + "x".repeat(next % 300);
                expected.add(next + "=" + value);
                last = append(log, batch(value)).durable();
                next++;
            }
            last.join();
            if (round % 3 == 2) {
                close(engine);
            } else {
                crash(engine);
            }
        }
        WritableLog log = open(start(), LOG, options);
        assertThat(read(log, 0)).isEqualTo(expected);
        assertThat(read(log, 1234)).isEqualTo(expected.subList(1234, expected.size()));
        assertThat(log.segmentCount()).isGreaterThan(20);
    }

    @Test
    void startsAfreshBehindATornGroup() throws IOException {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, LogOptions.defaults());
        appendDurably(log, "a");
        crash(engine);
        overwriteLastGroup();
        WritableLog again = open(start(), LOG, LogOptions.defaults());
        assertThat(again.durableEnd()).isZero();
        appendDurably(again, "b");
        assertThat(read(again, 0)).containsExactly("0=b");
    }

    @Test
    void refusesAJournalDamagedInTheMiddle() throws IOException {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, LogOptions.defaults());
        appendDurably(log, "a");
        appendDurably(log, "b");
        crash(engine);
        List<Long> groups = groups(journalFile());
        overwrite(journalFile(), groups.get(groups.size() - 2) + 40);
        assertThatThrownBy(this::start).isInstanceOf(LogFailedException.class)
                .hasMessageContaining("journal damaged").hasMessageContaining(".journal at ");
    }

    private void overwriteLastGroup() throws IOException {
        overwrite(journalFile(), groups(journalFile()).getLast() + 40);
    }

    private Path journalFile() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.max(java.util.Comparator.comparingLong(it -> it.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    private static List<Long> groups(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        return IntStream.range(1, bytes.limit() / 4096)
                .filter(it -> bytes.getInt(it * 4096) == 0x54464A47)
                .mapToObj(it -> it * 4096L).toList();
    }

    private static void overwrite(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{99, 98, 97, 96}), position);
        }
    }

    @Test
    void commitsToAllLogsOrNone() throws IOException {
        LocalLogEngine engine = start();
        List<LogId> ids = IntStream.range(0, 20).mapToObj(it -> new LogId("queue-" + it)).toList();
        List<WritableLog> logs = ids.stream().map(it -> open(engine, it, LogOptions.defaults()))
                .toList();
        var first = (LogEngine.CommitResult.Committed) owner.call(() -> engine
                .commit(logs.stream().map(it -> new LogEngine.LogAppend(it, batch("one")))
                        .toList()));
        first.durable().join();
        var second = (LogEngine.CommitResult.Committed) owner.call(() -> engine
                .commit(logs.stream().map(it -> new LogEngine.LogAppend(it, batch("two")))
                        .toList()));
        second.durable().join();
        crash(engine);
        overwriteLastGroup();
        LocalLogEngine again = start();
        assertThat(ids.stream().map(it -> read(open(again, it, LogOptions.defaults()), 0)))
                .allMatch(List.of("0=one")::equals);
    }

    @Test
    void freesTheJournalBehindCheckpoints() throws IOException {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, LogOptions.defaults());
        String large = "x".repeat(100_000);
        for (int i = 0; i < 300; i++) {
            appendDurably(log, large);
        }
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            assertThat(files.count()).isLessThan(20);
        }
        crash(engine);
        assertThat(open(start(), LOG, LogOptions.defaults()).durableEnd()).isEqualTo(300);
    }

    @Test
    void forgetsMemoryLogsOverARestart() {
        LogOptions options = LogOptions.defaults().withDurability(Durability.MEMORY);
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, options);
        appendDurably(log, "a");
        assertThat(read(log, 0)).containsExactly("0=a");
        close(engine);
        assertThat(open(start(), LOG, options).durableEnd()).isZero();
    }

    @Test
    void remembersWhatWasTrimmedAndDeleted() {
        LogOptions options = LogOptions.defaults().withSegmentBytes(new ByteSize(200));
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, options);
        WritableLog gone = open(engine, new LogId("gone"), options);
        IntStream.range(0, 10).forEach(it -> appendDurably(log, "v" + it));
        appendDurably(gone, "x");
        owner.call(() -> {
            log.trimTo(7);
            return 0;
        });
        engine.delete(new LogId("gone")).join();
        appendDurably(log, "last");
        crash(engine);
        LocalLogEngine again = start();
        WritableLog reopened = open(again, LOG, options);
        assertThat(reopened.startOffset()).isEqualTo(7);
        assertThat(read(reopened, 7)).containsExactly("7=v7", "8=v8", "9=v9", "10=last");
        assertThat(again.logs()).containsExactly(LOG);
    }

    /** A segment that is deleted while a checkpoint is made need not be forced. */
    @Test
    void bearsADeletedSegmentThatAPowerCutBringsBackWithHoles() throws IOException {
        LocalLogEngine engine = start();
        appendDurably(open(engine, LOG, LogOptions.defaults()), "a", "b");
        close(engine);
        Path segment = dir.resolve("logs").resolve(LOG.value()).resolve("%020d.log".formatted(0));
        long captured = Files.size(segment);
        LocalLogEngine next = start();
        WritableLog log = open(next, LOG, LogOptions.defaults());
        appendDurably(log, "c");
        owner.run(log::roll);
        appendDurably(log, "d");
        owner.run(() -> log.trimTo(3));
        while (Files.exists(segment)) {
            Thread.onSpinWait();
        }
        crash(next);
        Files.write(segment, new byte[(int) captured]);

        assertThat(read(open(start(), LOG, LogOptions.defaults()), 3)).containsExactly("3=d");
        assertThat(segment).doesNotExist();
    }

    /**
     * A power cut may keep any part of the unforced bytes; the log continues before
     * the surviving rest.
     */
    @Test
    void takesInNothingThatAPowerCutLeftBehindTheEnd() throws IOException {
        LogOptions options = LogOptions.defaults().withDurability(Durability.OS);
        LocalLogEngine engine = start();
        WritableLog log = open(engine, LOG, options);
        appendDurably(log, "lost");
        owner.run(log::roll);
        appendDurably(log, "left");
        crash(engine);
        Path folder = dir.resolve("logs").resolve(LOG.value());
        Files.write(folder.resolve("%020d.log".formatted(0)), new byte[0]);
        LocalLogEngine next = start();
        appendDurably(open(next, LOG, options), "new");
        crash(next);

        assertThat(read(open(start(), LOG, options), 0)).containsExactly("0=new");
    }

    @Test
    void refusesASecondBroker() {
        start();
        assertThatThrownBy(this::start).isInstanceOf(DataDirectoryLockedException.class)
                .hasMessageContaining("in use by another broker");
    }

    @Test
    void refusesADirectoryOfANewerFormat() throws IOException {
        close(start());
        Path format = dir.resolve("taffrail.format");
        Files.writeString(format, Files.readString(format).replace("format 1.1", "format 2.0"));
        assertThatThrownBy(this::start).isInstanceOf(LogFailedException.class)
                .hasMessageContaining("format 2.0");
    }

    @Test
    @Timeout(60)
    void cleanStopForcesWhatAnOwnerLeftThatHasStopped() {
        LocalLogEngine engine = start();
        LeavingOwner leaving = new LeavingOwner(owner);
        WritableLog log = engine.openForWrite(LOG, new Lease("node", epoch),
                LogOptions.defaults(), leaving).join();
        owner.call(() -> {
            leaving.stopped = true;
            return log.append(batch("a"));
        });

        close(engine);

        assertThat(dir.resolve("journal")).isEmptyDirectory();
        assertThat(read(open(start(), LOG, LogOptions.defaults()), 0)).containsExactly("0=a");
    }

    /** Rejects tasks once it has stopped, as an event loop does. */
    private static final class LeavingOwner implements Owner {

        private final OwnerThread owner;
        private volatile boolean stopped;

        private LeavingOwner(OwnerThread owner) {
            this.owner = owner;
        }

        @Override
        public boolean isCurrent() {
            return owner.isCurrent();
        }

        @Override
        public void execute(Runnable task) {
            if (stopped) {
                throw new RejectedExecutionException("stopped");
            }
            owner.execute(task);
        }
    }
}
