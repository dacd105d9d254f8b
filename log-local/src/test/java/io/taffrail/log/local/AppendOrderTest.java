package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An append is in the journal before it counts, and the bytes that wait for the
 * journal are bounded.
 */
@Timeout(120)
final class AppendOrderTest {

    private static final LogId A = new LogId("a@x-0");
    private static final LogId B = new LogId("b@x-0");
    private static final int LIMIT_MIB = 4;
    private static final LocalLogConfig CONFIG = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(64), Duration.ofHours(1), ByteSize.mebibytes(LIMIT_MIB), 8,
            Duration.ofHours(1), ByteSize.mebibytes(1));

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private final Semaphore stalled = new Semaphore(Integer.MAX_VALUE / 2);
    private final AtomicBoolean clockFails = new AtomicBoolean();
    private LocalLogEngine engine;
    private WritableLog a;
    private WritableLog b;

    /**
     * The log reads the clock while it counts a batch in, so a failing clock makes the log's own
     * code fail there.
     */
    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void start() {
        engine = LocalLogEngine.open(dir, CONFIG, new Environment(HookedDisk.of(this::disk),
                () -> {
                    if (clockFails.get() && owner.isCurrent()) {
                        throw new IllegalStateException("thrown while a batch is counted in");
                    }
                    return clock.instant();
                }, Threads.platform()));
        a = open(engine, A, 1);
        b = open(engine, B, 1);
    }

    @AfterEach
    void stop() {
        goOn();
        engine.abandon();
        owner.close();
    }

    private void disk(String operation, String path, Object[] arguments, DiskFile file) {
        if (operation.equals("write") && path.endsWith(".journal")) {
            stalled.acquireUninterruptibly();
            stalled.release();
        }
    }

    private void stall() {
        stalled.drainPermits();
    }

    private void goOn() {
        stalled.release(1_000);
    }

    private WritableLog open(LocalLogEngine on, LogId id, int epoch) {
        return on.openForWrite(id, new Lease("node", epoch), LogOptions.defaults(), owner).join();
    }

    private static ByteBuffer batch(int size) {
        return new BatchBuilder(size + 200).add(1, null, new byte[size]).build();
    }

    private AppendResult append(WritableLog log, int size) {
        return owner.call(() -> log.append(batch(size)));
    }

    @Test
    void whatWaitsForAStalledDiskIsBounded() {
        stall();
        List<AppendResult.Stored> taken = new ArrayList<>();
        AppendResult result = append(a, 100_000);
        while (result instanceof AppendResult.Stored stored) {
            taken.add(stored);
            result = append(a, 100_000);
        }

        assertThat(((AppendResult.Refused) result).reason()).isEqualTo(Refusal.OVERLOADED);
        assertThat(engine.unforcedBytes()).isLessThanOrEqualTo(LIMIT_MIB << 20);
        assertThat(a.nextOffset()).isEqualTo(taken.size());

        goOn();
        taken.forEach(it -> it.durable().join());
        ((AppendResult.Stored) append(a, 100)).durable().join();
        assertThat(LogReader.offsets(a, 0)).hasSize(taken.size() + 1);
    }

    @Test
    void aCommitIsChargedAsAWhole() {
        stall();
        assertThat(append(a, 100)).isInstanceOf(AppendResult.Stored.class);
        int half = LIMIT_MIB << 19;

        CommitResult result = owner.call(() -> engine.commit(List.of(
                new LogAppend(a, batch(half)), new LogAppend(b, batch(half)))));

        assertThat(result).isInstanceOfSatisfying(CommitResult.Refused.class, refused -> assertThat(
                refused.refusal().reason()).isEqualTo(Refusal.OVERLOADED));
        assertThat(a.nextOffset()).isEqualTo(1);
        assertThat(b.nextOffset()).isZero();
        goOn();
        ((AppendResult.Stored) append(b, 100)).durable().join();
    }

    @Test
    void whatTheJournalHasIsStoredAlthoughTheLogsCodeFails() {
        ((AppendResult.Stored) append(a, 10)).durable().join();
        clockFails.set(true);

        AppendResult.Stored failing = (AppendResult.Stored) append(a, 20);
        clockFails.set(false);
        failing.durable().join();

        assertThat(engine.quarantined()).containsOnlyKeys(A);
        assertThat(append(a, 30)).isInstanceOfSatisfying(AppendResult.Refused.class,
                it -> assertThat(it.reason()).isEqualTo(Refusal.STORAGE_FAILED));
        assertThat(LogReader.offsets(a, 0)).containsExactly(0L, 1L);
        ((AppendResult.Stored) append(b, 10)).durable().join();

        WritableLog reopened = open(engine, A, 2);
        assertThat(engine.quarantined()).isEmpty();
        AppendResult.Stored next = (AppendResult.Stored) append(reopened, 10);
        assertThat(next.baseOffset()).isEqualTo(2);
        next.durable().join();
        assertThat(LogReader.offsets(reopened, 0)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aCommitIsWholeAlthoughOneLogsCodeFails() {
        clockFails.set(true);
        CommitResult result = owner.call(() -> engine.commit(
                List.of(new LogAppend(a, batch(10)), new LogAppend(b, batch(10)))));
        clockFails.set(false);
        ((CommitResult.Committed) result).durable().join();
        assertThat(engine.quarantined()).containsOnlyKeys(A, B);
        engine.abandon();

        engine = LocalLogEngine.open(dir, CONFIG, clock);
        assertThat(LogReader.offsets(open(engine, A, 2), 0)).containsExactly(0L);
        assertThat(LogReader.offsets(open(engine, B, 2), 0)).containsExactly(0L);
    }

    @Test
    void checkpointsOfOthersGoOnAndAQuarantinedLogIsKeptInTheJournal() {
        ((AppendResult.Stored) append(a, 10)).durable().join();
        clockFails.set(true);
        ((AppendResult.Stored) append(a, 20)).durable().join();
        clockFails.set(false);
        for (int i = 0; i < 50; i++) {
            ((AppendResult.Stored) append(b, 100_000)).durable().join();
        }
        assertThat(engine.close(Duration.ofMinutes(1))).isEmpty();

        engine = LocalLogEngine.open(dir, CONFIG, clock);
        assertThat(LogReader.offsets(open(engine, A, 2), 0)).containsExactly(0L, 1L);
        assertThat(LogReader.offsets(open(engine, B, 2), 0)).hasSize(50);
    }

    @Test
    void aListenerThatThrowsKeepsNobodyFromHearing() {
        List<Long> heard = new ArrayList<>();
        owner.run(() -> {
            a.onDurableEnd(end -> {
                throw new IllegalStateException("a listener's own fault");
            });
            a.onDurableEnd(heard::add);
            b.onDurableEnd(heard::add);
        });

        CommitResult result = owner.call(() -> engine.commit(
                List.of(new LogAppend(a, batch(10)), new LogAppend(b, batch(10)))));
        ((CommitResult.Committed) result).durable().join();
        owner.run(() -> {});

        assertThat(heard).containsExactly(1L, 1L);
        assertThat(engine.quarantined()).isEmpty();
    }
}
