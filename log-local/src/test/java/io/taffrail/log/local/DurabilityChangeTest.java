package io.taffrail.log.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a log's durability, with a power cut at the worst moment after each. */
@Timeout(120)
final class DurabilityChangeTest {

    private static final LogId LOG = new LogId("t@x-0");
    private static final LogOptions FSYNC = LogOptions.defaults();
    private static final LogOptions OS = FSYNC.withDurability(Durability.OS);
    private static final LocalLogConfig CONFIG = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(64), Duration.ofHours(1), ByteSize.mebibytes(64), 8,
            Duration.ofHours(1), ByteSize.mebibytes(1));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    /** Number of forced bytes by segment file. */
    private final Map<String, Long> forced = new ConcurrentHashMap<>();
    private final CountDownLatch slow = new CountDownLatch(1);
    private volatile String slowAt = "";
    private volatile String brokenAt = "";

    /**
     * The log lies in a folder that a start does not empty, so it must not become a log of
     * durability memory.
     */
    @Test
    void aLogThatIsKeptIsNotOpenedAsOneThatIsForgotten() {
        LocalLogEngine engine = LocalLogEngine.open(dir, CONFIG, InstantSource.system());
        var _ = engine.openForWrite(LOG, new Lease("node", 1), FSYNC, owner).join();

        assertThatThrownBy(() -> engine.openForWrite(LOG, new Lease("node", 2),
                FSYNC.withDurability(Durability.MEMORY), owner).join())
                .hasCauseInstanceOf(LogFailedException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("from FSYNC to MEMORY");
        var _ = engine.openForWrite(LOG, new Lease("node", 3), FSYNC, owner).join();
        engine.close();
    }

    @AfterEach
    void close() {
        slow.countDown();
        owner.close();
    }

    private void disk(String operation, String path, Object[] arguments, DiskFile file)
            throws IOException {
        if (!operation.equals("force")) {
            return;
        }
        if (!brokenAt.isEmpty() && path.endsWith(brokenAt)) {
            throw new IOException("Input/output error");
        }
        if (!slowAt.isEmpty() && path.endsWith(slowAt)) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the power was cut", e);
            }
        }
        forced.put(path, file.size());
    }

    private LocalLogEngine start() {
        return LocalLogEngine.open(dir, CONFIG, new Environment(HookedDisk.of(this::disk),
                InstantSource.system(), Threads.platform()));
    }

    private WritableLog open(LocalLogEngine engine, int epoch, LogOptions options) {
        return engine.openForWrite(LOG, new Lease("n", epoch), options, owner).join();
    }

    private CompletableFuture<Void> append(WritableLog log, String value) {
        ByteBuffer batch = new BatchBuilder().add(1000, null, value.getBytes(UTF_8)).build();
        return ((AppendResult.Stored) owner.call(() -> log.append(batch))).durable();
    }

    /** Cuts the power: unforced bytes of segments are lost. */
    private void cutPower(LocalLogEngine engine) throws IOException {
        engine.abandon();
        try (var files = Files.walk(dir.resolve("logs"))) {
            for (Path path : files.filter(it -> it.toString().endsWith(".log")).toList()) {
                try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    file.truncate(forced.getOrDefault(path.toString(), 0L));
                }
            }
        }
    }

    @Test
    void nothingIsAcknowledgedUnderFsyncBeforeWhatIsBelowItIsForced() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, OS);
        append(log, "os 0").join();
        append(log, "os 1").join();
        slowAt = "t@x-0/00000000000000000000.log";
        owner.run(() -> log.reconfigure(FSYNC));
        CompletableFuture<Void> unsafe = append(log, "fsync 2");
        engine.journal().barrier().join();

        assertThatThrownBy(() -> unsafe.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThat(log.durableEnd()).isEqualTo(2);
        cutPower(engine);

        slowAt = "";
        LocalLogEngine again = start();
        WritableLog left = open(again, 2, FSYNC);
        assertThat(left.nextOffset()).isZero();
        append(left, "next").join();
        cutPower(again);
        LocalLogEngine last = start();
        assertThat(LogReader.offsets(open(last, 3, FSYNC), 0)).containsExactly(0L);
        last.abandon();
    }

    @Test
    void whatIsAcknowledgedAfterTheChangeSurvivesAPowerCut() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, OS);
        append(log, "os 0").join();
        owner.run(() -> log.reconfigure(FSYNC));
        append(log, "fsync 1").join();
        append(log, "fsync 2").join();
        cutPower(engine);

        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 2, FSYNC), 0)).containsExactly(0L, 1L, 2L);
        again.abandon();
    }

    @Test
    void aReopenThatChangesDurabilityForcesWhatIsBelow() throws Exception {
        LocalLogEngine engine = start();
        append(open(engine, 1, OS), "os 0").join();
        append(open(engine, 2, FSYNC), "fsync 1").join();
        cutPower(engine);

        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 3, FSYNC), 0)).containsExactly(0L, 1L);
        again.abandon();
    }

    @Test
    void recordsOfTheRunBeforeAreForcedBeforeTheNextAreAcknowledged() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, OS);
        append(log, "os 0").join();
        slowAt = "t@x-0/00000000000000000000.log";
        owner.run(() -> log.reconfigure(FSYNC));
        engine.journal().barrier().join();
        engine.abandon(); // The process is killed: the page cache survives.

        slowAt = "";
        LocalLogEngine again = start();
        append(open(again, 2, FSYNC), "fsync 1").join();
        cutPower(again);
        LocalLogEngine last = start();
        assertThat(LogReader.offsets(open(last, 3, FSYNC), 0)).containsExactly(0L, 1L);
        last.abandon();
    }

    @Test
    void aKillRightAfterTheChangeToOsKeepsWhatWasAcknowledged() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, FSYNC);
        append(log, "fsync 0").join();
        slowAt = ".journal";
        owner.run(() -> log.reconfigure(OS));
        CompletableFuture<Void> early = append(log, "os 1");

        assertThatThrownBy(() -> early.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        slow.countDown();
        early.join();
        append(log, "os 2").join();
        engine.abandon();

        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 2, OS), 0)).containsExactly(0L, 1L, 2L);
        again.abandon();
    }

    @Test
    void aJournalThatFailedAcknowledgesNothingUnderOsThatAStartWouldNotLookFor() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, FSYNC);
        append(log, "fsync 0").join();
        brokenAt = ".journal";
        owner.run(() -> log.reconfigure(OS));
        assertThatThrownBy(() -> engine.journal().barrier().join())
                .hasCauseInstanceOf(LogFailedException.class);
        owner.run(() -> {});

        AppendResult late = owner.call(() -> log
                .append(new BatchBuilder().add(1000, null, "os 1".getBytes(UTF_8)).build()));
        assertThat(late).isInstanceOf(AppendResult.Refused.class);
        CompletableFuture<WritableLog> again = engine.openForWrite(LOG, new Lease("n", 2), OS,
                owner);
        assertThat(again).failsWithin(Duration.ofMinutes(1));
        CompletableFuture<WritableLog> third = engine.openForWrite(LOG, new Lease("n", 3), OS,
                owner);
        assertThat(third).failsWithin(Duration.ofMinutes(1));
        brokenAt = "";
        engine.abandon();
    }

    @Test
    void aReopenWaitsUntilAStartWouldKnowOfTheChangeBefore() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, FSYNC);
        append(log, "fsync 0").join();
        slowAt = ".journal";
        owner.run(() -> log.reconfigure(OS));
        CompletableFuture<WritableLog> again = engine.openForWrite(LOG, new Lease("n", 2), OS,
                owner);

        assertThatThrownBy(() -> again.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        slow.countDown();
        append(again.join(), "os 1").join();
        engine.abandon();

        LocalLogEngine last = start();
        assertThat(LogReader.offsets(open(last, 3, OS), 0)).containsExactly(0L, 1L);
        last.abandon();
    }

    @Test
    void aChangeToOsBringsNothingBackThatAStartHasGivenUp() throws Exception {
        LocalLogEngine engine = start();
        append(open(engine, 1, FSYNC), "fsync 0").join();
        engine.abandon();
        ByteBuffer unanswered = new BatchBuilder().add(1000, null, new byte[10]).build();
        BatchHeader.stamp(unanswered, 0, 1, 1);
        Path segment = dir.resolve("logs/t@x-0/00000000000000000000.log");
        byte[] bytes = new byte[unanswered.remaining()];
        unanswered.get(bytes);
        Files.write(segment, bytes, StandardOpenOption.APPEND);

        LocalLogEngine again = start();
        assertThat(open(again, 2, OS).nextOffset()).isOne();
        again.abandon();
        LocalLogEngine last = start();
        assertThat(open(last, 3, OS).nextOffset()).isOne();
        last.abandon();
    }

    @Test
    void aKillDoesNotStoreUnderOsWhatWasRefused() {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, OS);
        append(log, "os 0").join();
        WritableLog closed = engine.openForWrite(new LogId("c@x-0"), new Lease("n", 1), FSYNC,
                owner).join();
        owner.run(closed::close);
        ByteBuffer batch = new BatchBuilder().add(1000, null, new byte[10]).build();

        CommitResult result = owner.call(() -> engine.commit(List.of(
                new LogAppend(log, batch.duplicate()), new LogAppend(closed, batch.duplicate()))));
        assertThat(result).isInstanceOf(CommitResult.Refused.class);
        engine.abandon();

        LocalLogEngine again = start();
        assertThat(open(again, 2, OS).nextOffset()).isOne();
        again.abandon();
    }

    @Test
    void aTrimIntoASegmentThatOnlyAScanFindsLosesNothingBehindIt() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, FSYNC);
        slowAt = ".journal";
        owner.run(() -> log.reconfigure(OS));
        CompletableFuture<Void> journaled = append(log, "journaled 0");
        slow.countDown();
        journaled.join();
        append(log, "os 1").join();
        owner.run(log::roll);
        append(log, "os 2").join();
        append(log, "os 3").join();
        owner.run(() -> log.trimTo(3));
        append(log, "os 4").join();
        engine.journal().barrier().join();
        engine.abandon(); // Waits for the deletion of the first segment.

        LocalLogEngine again = start();
        assertThat(LogReader.offsets(open(again, 2, OS), 3)).containsExactly(3L, 4L);
        again.abandon();
    }

    @Test
    void lossBelowWhatACheckpointSettledIsStillDamage() throws Exception {
        LocalLogEngine engine = start();
        WritableLog log = open(engine, 1, OS);
        append(log, "os 0").join();
        owner.run(() -> log.reconfigure(FSYNC));
        append(log, "fsync 1").join();
        engine.abandon();
        Path segment = dir.resolve("logs/t@x-0/00000000000000000000.log");
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }

        assertThatThrownBy(this::start).isInstanceOf(LogFailedException.class)
                .hasMessageContaining("cut short");
    }
}
