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
import io.taffrail.log.spi.LogTrouble;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log with failing background work is deferred alone, and the failure is reported. */
@Timeout(60)
final class CleanerTroubleTest {

    private static final LogId BAD = new LogId("bad@x-0");
    private static final LogId GOOD = new LogId("good@x-0");
    private static final LocalLogConfig OFTEN = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(64), Duration.ofHours(1), ByteSize.mebibytes(64), 8,
            Duration.ofMillis(20), ByteSize.mebibytes(1));
    private static final LogOptions SMALL_SEGMENTS = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(20_000));
    private static final LogOptions COMPACTED = SMALL_SEGMENTS
            .withCompaction(new CompactionOptions(true, 0.3, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE), Duration.ofHours(1)));

    @TempDir
    private Path dir;
    private final WatchedDisk watched = new WatchedDisk();
    private final ManualClock clock = new ManualClock();
    private final OwnerThread owner = new OwnerThread();
    private LocalLogEngine engine;

    @BeforeEach
    void start() {
        engine = LocalLogEngine.open(dir, OFTEN,
                new Environment(watched.disk(), clock, Threads.platform()));
    }

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    private WritableLog open(LogId id, LogOptions options) {
        return engine.openForWrite(id, new Lease("node", 1), options, owner).join();
    }

    private void fill(WritableLog log, int batches) {
        for (int i = 0; i < batches; i++) {
            ByteBuffer batch = new BatchBuilder().add(1, new byte[]{1}, new byte[5_000]).build();
            OwnerThread.await(
                    ((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
        }
    }

    private void failOnCleaner(String log, Throwable failure) {
        watched.rule((name, path) -> {
            if (Thread.currentThread().getName().equals("taffrail-cleaner")
                    && name.equals("read") && path.contains(log)) {
                if (failure instanceof IOException checked) {
                    throw checked;
                }
                throw (Error) failure;
            }
        });
    }

    private static void until(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void othersAreCompactedWhileOneFails() {
        failOnCleaner(BAD.value(), new IOException("Input/output error"));
        WritableLog bad = open(BAD, COMPACTED);
        WritableLog good = open(GOOD, COMPACTED);
        fill(bad, 24);
        until(() -> !engine.troubles().isEmpty());
        fill(good, 12);

        until(() -> good.segmentCount() <= 2);

        assertThat(bad.segmentCount()).isGreaterThan(4);
        assertThat(engine.troubles()).singleElement().satisfies(it -> {
            assertThat(it.log()).isEqualTo(BAD);
            assertThat(it.work()).isEqualTo("compaction");
            assertThat(it.since()).isEqualTo(clock.instant());
            assertThat(it.cause()).contains("Input/output error");
            assertThat(it.nextTry()).isPresent();
        });

        watched.rule((name, path) -> {});
        clock.advance(Duration.ofSeconds(1));
        until(() -> bad.segmentCount() <= 2 && engine.troubles().isEmpty());
    }

    @Test
    void anErrorDoesNotEndTheCleaner() {
        failOnCleaner(BAD.value(), new AssertionError("a bug"));
        WritableLog bad = open(BAD, COMPACTED);
        fill(bad, 24);
        until(() -> !engine.troubles().isEmpty());
        assertThat(engine.troubles()).extracting(LogTrouble::cause)
                .containsExactly("java.lang.AssertionError: a bug");

        watched.rule((name, path) -> {});
        clock.advance(Duration.ofSeconds(1));

        until(() -> bad.segmentCount() <= 2 && engine.troubles().isEmpty());
    }

    @Test
    void erasureWaitsAndAnswers() {
        WritableLog log = open(BAD, SMALL_SEGMENTS);
        fill(log, 24);
        failOnCleaner(BAD.value(), new AssertionError("a bug"));
        OffsetSet gone = new TwoOfThree();

        assertThat(erase(log, gone)).isZero();
        assertThat(engine.troubles()).extracting(LogTrouble::work).containsExactly("erasure");

        watched.rule((name, path) -> {});
        clock.advance(Duration.ofSeconds(1));
        until(() -> erase(log, gone) > 0);
        assertThat(engine.troubles()).isEmpty();
    }

    /** Every offset except the first of each three. */
    private record TwoOfThree() implements OffsetSet {

        @Override
        public boolean contains(long offset) {
            return offset % 3 != 0;
        }

        @Override
        public long countBetween(long from, long to) {
            return LongStream.range(from, to).filter(this::contains).count();
        }
    }

    private long erase(WritableLog log, OffsetSet gone) {
        return OwnerThread.await(owner.call(() -> log.erase(gone)));
    }

    @Test
    void aLogWaitsTwiceAsLongEachTimeAndIsForgottenWithItsLog() {
        Troubles troubles = new Troubles(clock, () -> Duration.ofSeconds(15));
        for (int rounds : new int[]{1, 2, 4, 8, 8, 8}) {
            assertThat(troubles.isWaiting(BAD, Troubles.Work.COMPACTION)).isFalse();
            troubles.failed(BAD, Troubles.Work.COMPACTION, "EIO", true);
            assertThat(troubles.all()).singleElement().satisfies(it -> assertThat(it.nextTry())
                    .contains(clock.instant().plusSeconds(15L * rounds)));
            clock.advance(Duration.ofSeconds(15L * rounds).minusMillis(1));
            assertThat(troubles.isWaiting(BAD, Troubles.Work.COMPACTION)).isTrue();
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(troubles.failed(BAD, Troubles.Work.COMPACTION, "EIO", true)).isFalse();
        assertThat(troubles.failed(BAD, Troubles.Work.COMPACTION, "ENOSPC", false)).isTrue();
        assertThat(troubles.all().getFirst().nextTry()).isEmpty();
        assertThat(troubles.isWaiting(BAD, Troubles.Work.COMPACTION)).isTrue();
        troubles.keep(Set.of(GOOD));
        assertThat(troubles.all()).isEmpty();
    }
}
