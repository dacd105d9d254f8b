package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.LogState;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails under the engine. */
final class DiskFailureTest {

    @TempDir
    private Path dir;
    private final AtomicBoolean broken = new AtomicBoolean();
    /** Names of the files that have failed. */
    private final BlockingQueue<String> met = new LinkedBlockingQueue<>();
    private volatile String failure = "Input/output error";
    private volatile Set<String> failing = Set.of(".journal");
    private volatile Set<String> operations = Set.of("write", "force");

    @Test
    @Timeout(60)
    void tellsOnceThatNothingMoreIsStored() throws Exception {
        CompletableFuture<LogFailedException> told = new CompletableFuture<>();
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            engine.onFailure(told::complete);
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            broken.set(true);
            var durable = owner.call(() -> ((AppendResult.Stored) log
                    .append(new BatchBuilder().add(1, null, new byte[9]).build())).durable());
            assertThat(durable.handle((none, failure) -> failure != null).get()).isTrue();
            assertThat(told.get()).hasMessageContaining("the journal failed; restart to recover");
            engine.abandon();
        }
    }

    /** Appends of the last handle may be missing from the journal and must not count as durable. */
    @Test
    @Timeout(60)
    void noLogIsReopenedAfterTheJournalHasFailed() throws Exception {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            broken.set(true);
            var durable = owner.call(() -> ((AppendResult.Stored) log
                    .append(new BatchBuilder().add(1, null, new byte[9]).build())).durable());
            assertThat(durable.handle((none, failure) -> failure != null).get()).isTrue();

            assertThatThrownBy(() -> SampleDirectory.writer(engine, SampleDirectory.A, 2, owner))
                    .hasCauseInstanceOf(LogFailedException.class)
                    .hasMessageContaining("the journal failed");
            assertThat(log.durableEnd()).isZero();
            engine.abandon();
        }
    }

    /**
     * The log's state is inconsistent; other logs are captured, and the journal is retained for it.
     */
    @Test
    @Timeout(60)
    void aLogThatCannotBeCapturedIsQuarantinedAlone() throws Exception {
        LocalLogConfig often = new LocalLogConfig(ByteSize.mebibytes(1), ByteSize.mebibytes(2),
                Duration.ofMillis(20), ByteSize.mebibytes(64), 8, Duration.ofHours(1),
                ByteSize.mebibytes(1));
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, often, new ManualClock());
            WritableLog bad = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            WritableLog good = SampleDirectory.writer(engine, SampleDirectory.B, 1, owner);
            StoredLog stored = ((LocalLog) bad).stored();
            Segment[] segments = owner.call(() -> {
                var _ = bad.append(new BatchBuilder().add(1, null, new byte[9]).build());
                Segment[] before = stored.segments();
                stored.restore(0, 1, 1, 0, Arrays.asList((Segment) null), new LogState());
                return before;
            });
            while (engine.quarantined().isEmpty()) {
                awaitTurn();
            }
            byte[] before = Files.readAllBytes(dir.resolve("checkpoint"));
            OwnerThread.await(owner.call(() -> ((AppendResult.Stored) good
                    .append(new BatchBuilder().add(1, null, new byte[9]).build())).durable()));

            while (Arrays.equals(before, Files.readAllBytes(dir.resolve("checkpoint")))) {
                awaitTurn();
            }
            assertThat(engine.quarantined()).containsOnlyKeys(SampleDirectory.A);
            owner.run(() -> stored.restore(0, 1, 1, 0, List.of(segments), new LogState()));
            engine.abandon();
        }
    }

    /** One iteration of a wait loop; fails when the test's time-out interrupts it. */
    private static void awaitTurn() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("in vain");
        }
        Thread.onSpinWait();
    }

    @Test
    @Timeout(60)
    void aLogThatCannotBeWrittenIsQuarantinedAloneAndReopened() throws Exception {
        List<LogFailedException> told = new ArrayList<>();
        failing = Set.of("a@1-0/00000000000000000000.log");
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            engine.onFailure(told::add);
            WritableLog bad = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            WritableLog good = SampleDirectory.writer(engine, SampleDirectory.B, 1, owner);
            OwnerThread.await(append(bad, owner));
            broken.set(true);

            assertThat(owner.call(() -> bad.append(batch())))
                    .isInstanceOfSatisfying(AppendResult.Refused.class, refused -> assertThat(
                            refused.reason()).isEqualTo(Refusal.STORAGE_FAILED));
            assertThat(engine.quarantined()).containsOnlyKeys(SampleDirectory.A);
            assertThat(engine.quarantined().get(SampleDirectory.A)).contains(failure);
            OwnerThread.await(append(good, owner));
            assertThat(LogReader.offsets(bad, 0)).containsExactly(0L);

            broken.set(false);
            WritableLog again = SampleDirectory.writer(engine, SampleDirectory.A, 2, owner);
            assertThat(engine.quarantined()).isEmpty();
            OwnerThread.await(append(again, owner));
            assertThat(LogReader.offsets(again, 0)).containsExactly(0L, 1L);
            assertThat(told).isEmpty();
            engine.close();
        }
    }

    private static ByteBuffer batch() {
        return new BatchBuilder().add(1, null, new byte[9]).build();
    }

    private static CompletableFuture<Void> append(WritableLog log, OwnerThread owner) {
        return owner.call(() -> ((AppendResult.Stored) log.append(batch())).durable());
    }

    /** Only a restart reopens the metadata store. */
    @Test
    @Timeout(60)
    void tellsOfAMetadataStoreThatCannotBeWritten() throws Exception {
        CompletableFuture<LogFailedException> told = new CompletableFuture<>();
        failing = Set.of("@meta/00000000000000000000.log");
        LocalLogEngine engine = LocalLogEngine.open(dir, RecoveryTest.SMALL,
                new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                        Threads.platform()));
        engine.onFailure(told::complete);
        broken.set(true);
        var result = engine.metaStore()
                .apply(List.of(new MetaStore.Change.Put("key", 0, new byte[9])));

        assertThat(told.get()).hasMessageContaining("@meta is quarantined");
        assertThat(result).failsWithin(Duration.ofMinutes(1));
        engine.abandon();
    }

    @Test
    @Timeout(60)
    void tellsOfASegmentThatCannotBeForced() throws Exception {
        CompletableFuture<LogFailedException> told = new CompletableFuture<>();
        failing = Set.of(".log");
        operations = Set.of("force");
        LocalLogConfig often = new LocalLogConfig(ByteSize.mebibytes(1), ByteSize.mebibytes(2),
                Duration.ofMillis(20), ByteSize.mebibytes(64), 8, Duration.ofHours(1),
                ByteSize.mebibytes(1));
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, often,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            engine.onFailure(told::complete);
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            broken.set(true);
            var durable = owner.call(() -> ((AppendResult.Stored) log
                    .append(new BatchBuilder().add(1, null, new byte[9]).build())).durable());

            assertThat(durable.handle((none, failed) -> failed == null).get()).isTrue();
            assertThat(told.get()).hasMessageContaining("could not be forced; restart to recover");
            engine.abandon();
        }
    }

    @Test
    @Timeout(60)
    void aFailedCheckpointIsTriedAgainWhenItsBackOffHasElapsed() throws Exception {
        failing = Set.of("checkpoint.new");
        LocalLogConfig often = new LocalLogConfig(new ByteSize(16 << 10), new ByteSize(2 << 10),
                Duration.ofMillis(10), ByteSize.mebibytes(64), 8, Duration.ofHours(1),
                ByteSize.mebibytes(1));
        ManualClock clock = new ManualClock();
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, often, new Environment(
                    failing(Disk.real(), Disk.class), clock, Threads.platform()));
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            broken.set(true);
            for (int attempt = 1; attempt <= 2; attempt++) {
                OwnerThread.await(append(log, owner));
                met.take();
                while (engine.troubles().isEmpty()
                        || !engine.troubles().getFirst().nextTry().orElseThrow()
                                .isAfter(clock.instant())) {
                    awaitTurn();
                }
                for (int i = 0; i < 400; i++) {
                    OwnerThread.await(append(log, owner));
                }
                assertThat(met).as("attempts while in back-off").isEmpty();
                broken.set(attempt == 1);
                clock.advance(Duration.ofMillis(10));
            }
            clock.advance(Duration.ofMillis(10));

            while (!engine.troubles().isEmpty()) {
                awaitTurn();
            }
            engine.close();
        }
    }

    @Test
    @Timeout(60)
    void aCheckpointThatHadNoRoomIsMadeWhenFilesAreDeleted() throws Exception {
        failure = "No space left on device";
        failing = Set.of(".log", "checkpoint.new");
        operations = Set.of("write");
        LocalLogConfig seldom = new LocalLogConfig(ByteSize.mebibytes(1), ByteSize.mebibytes(1024),
                Duration.ofHours(1), ByteSize.mebibytes(64), 8, Duration.ofHours(1),
                ByteSize.mebibytes(1));
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, seldom,
                    new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                            Threads.platform()));
            WritableLog log = SampleDirectory.writer(engine, SampleDirectory.A, 1, owner);
            ByteBuffer batch = new BatchBuilder().add(1, null, new byte[9]).build();
            var _ = owner.call(() -> ((AppendResult.Stored) log.append(batch)).durable()).get();
            long before = Files.size(dir.resolve("checkpoint"));
            broken.set(true);
            assertThat(owner.call(() -> log.append(batch)))
                    .isInstanceOf(AppendResult.Refused.class);
            while (!met.take().endsWith("checkpoint.new")) {
                Thread.onSpinWait();
            }
            broken.set(false);

            while (Files.size(dir.resolve("checkpoint")) == before) {
                var _ = owner.call(() -> ((AppendResult.Stored) log.append(batch)).durable()).get();
                owner.run(() -> {
                    log.roll();
                    log.trimTo(log.nextOffset());
                });
            }
            engine.abandon();
        }
    }

    @Test
    void aStartWithoutRoomForTheJournalSaysWhatToDo() {
        failure = "No space left on device";
        broken.set(true);

        assertThatThrownBy(() -> LocalLogEngine.open(dir, RecoveryTest.SMALL,
                new Environment(failing(Disk.real(), Disk.class), new ManualClock(),
                        Threads.platform())))
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("the disk of " + dir + " is full")
                .hasMessageContaining("make room, then start again");

        broken.set(false);
        LocalLogEngine.open(dir, RecoveryTest.SMALL, new ManualClock()).close();
    }

    /** Wraps an object whose operations fail on files with the failing endings. */
    private <T> T failing(T real, Class<T> type) {
        return failing(real, type, "");
    }

    private <T> T failing(T real, Class<T> type, String name) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, args) -> {
                    String opened = args != null && args[0] instanceof Path path
                            ? path.toString()
                            : "";
                    if (broken.get() && type == DiskFile.class
                            && operations.contains(method.getName())) {
                        met.add(name);
                        throw new IOException(failure);
                    }
                    try {
                        Object result = method.invoke(real, args);
                        return failing.stream().anyMatch(opened::endsWith)
                                && result instanceof DiskFile file
                                        ? failing(file, DiskFile.class, opened)
                                        : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
