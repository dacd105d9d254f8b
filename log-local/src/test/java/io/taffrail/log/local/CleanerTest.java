package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.CleanerReport.LogCleaning;
import io.taffrail.log.spi.CleanerReport.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cleaner as an operator's tool: threads, rate, memory, failures, and what it reports. */
@Timeout(120)
final class CleanerTest {

    @TempDir
    private Path dir;
    private Optional<CleanerFixture> started = Optional.empty();

    private CleanerFixture start(CleanerSettings settings) {
        CleanerFixture fixture = new CleanerFixture(dir, settings);
        started = Optional.of(fixture);
        return fixture;
    }

    @AfterEach
    void stop() {
        started.ifPresent(CleanerFixture::close);
    }

    private static CleanerSettings settings(int threads, double rate, long bufferBytes) {
        return new CleanerSettings(threads, rate, Duration.ofHours(1), new ByteSize(bufferBytes));
    }

    private static boolean onCleaner() {
        return Thread.currentThread().getName().startsWith("taffrail-cleaner");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("the test waits in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the test ends", e);
        }
    }

    @Test
    void severalThreadsCompactOneLogEach() {
        CleanerFixture cleaner = start(settings(2, Double.MAX_VALUE, 1 << 20));
        LocalLog one = cleaner.open("one");
        LocalLog other = cleaner.open("other");
        cleaner.fill(one, 60, 3);
        cleaner.fill(other, 60, 3);
        CountDownLatch both = new CountDownLatch(2);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        cleaner.disk.rule((name, path) -> {
            if (onCleaner() && name.equals("read")
                    && threads.add(Thread.currentThread().getName())) {
                both.countDown();
                await(both);
            }
        });

        cleaner.engine.compact();

        assertThat(threads).containsExactlyInAnyOrder("taffrail-cleaner", "taffrail-cleaner-2");
        assertThat(cleaner.engine.cleaner().totals().rounds()).isEqualTo(2);
        assertThat(cleaner.engine.troubles()).isEmpty();
        assertThat(List.of(cleaner.shown(one), cleaner.shown(other)))
                .extracting(LogCleaning::dirtyBytes).containsOnly(0L);
    }

    @Test
    void aLogIsClaimedByOneThreadAndServedAgainAfterAllOthers() {
        CleanerFixture cleaner = start(CleanerFixture.SETTINGS);
        LocalLog dirty = cleaner.open("dirty");
        LocalLog other = cleaner.open("other");
        cleaner.fill(other, 60, 3);
        cleaner.engine.compact();
        cleaner.fill(other, 20, 3);
        cleaner.fill(dirty, 60, 3);
        CleanerQueue queue = new CleanerQueue(cleaner.clock,
                new Troubles(cleaner.clock, () -> Duration.ofSeconds(15)),
                () -> List.of(dirty, other));

        assertThat(taken(queue)).containsExactly(dirty, other);
        queue.release(dirty.id());
        queue.release(other.id());
        assertThat(taken(queue)).containsExactly(dirty, other);
        queue.release(dirty.id());
        assertThat(queue.next(Set.of(), false)).isNotNull();
        queue.release(dirty.id());
        queue.release(other.id());

        List<LocalLog> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CleanerQueue.Due due = queue.next(Set.of(), false);
            turns.add(due == null ? other : due.log());
            queue.release(turns.getLast().id());
        }
        assertThat(turns.subList(0, 2)).containsExactly(other, dirty);
        assertThat(turns.subList(2, 4)).containsExactly(other, dirty);
    }

    private static List<LocalLog> taken(CleanerQueue queue) {
        List<LocalLog> taken = new ArrayList<>();
        for (CleanerQueue.Due due = queue.next(Set.of(), false); due != null; due = queue
                .next(Set.of(), false)) {
            taken.add(due.log());
        }
        return taken;
    }

    @Test
    void roundsThatMemoryLimitsGoOnAfterAKill() {
        CleanerSettings tiny = settings(1, Double.MAX_VALUE, 24 * 12);
        CleanerFixture cleaner = start(tiny);
        LocalLog log = cleaner.open("table");
        cleaner.fill(log, 100, 40);
        Map<String, String> before = CleanerFixture.fold(log);
        cleaner.disk.rule((name, path) -> {
            if (onCleaner() && path.endsWith(".c2.log")) {
                throw new IOException("Input/output error");
            }
        });
        cleaner.engine.compact();
        LogCleaning first = cleaner.shown(log);
        assertThat(first.lastRun().orElseThrow().complete()).isFalse();
        assertThat(first.lastRun().orElseThrow().cleanedTo()).isEqualTo(first.firstDirty())
                .isPositive();

        cleaner.disk.rule((name, path) -> {});
        cleaner.kill(tiny);
        LocalLog again = cleaner.open("table");

        assertThat(cleaner.shown(again).firstDirty()).isEqualTo(first.firstDirty());
        cleaner.engine.compact();
        assertThat(cleaner.shown(again).dirtyBytes()).isZero();
        assertThat(cleaner.engine.cleaner().totals().rounds()).isGreaterThan(1);
        assertThat(CleanerFixture.fold(again)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"write, .c1.log", "force, .c1.log", "forceDirectory, -0", "read, .log"})
    void aFailedRoundLeavesNoFileAndOneLogWaits(String operation, String file) {
        CleanerFixture cleaner = start(CleanerFixture.SETTINGS);
        LocalLog bad = cleaner.open("bad");
        LocalLog good = cleaner.open("good");
        cleaner.put(bad, "first", "stays");
        cleaner.fill(bad, 60, 3);
        cleaner.fill(good, 60, 3);
        List<Long> before = LogReader.offsets(bad, 0);
        AtomicBoolean hit = new AtomicBoolean();
        cleaner.disk.rule((name, path) -> {
            if (onCleaner() && name.equals(operation) && path.contains("bad")
                    && path.endsWith(file)) {
                hit.set(true);
                throw new IOException("No space left on device");
            }
        });

        cleaner.engine.compact();

        assertThat(hit).isTrue();
        cleaner.requireNoOtherFiles(bad);
        assertThat(LogReader.offsets(bad, 0)).isEqualTo(before);
        assertThat(cleaner.shown(good).state()).isEqualTo(State.IDLE);
        assertThat(cleaner.shown(good).lastRun()).isPresent();
        assertThat(cleaner.shown(bad)).satisfies(it -> {
            assertThat(it.state()).isEqualTo(State.BACKING_OFF);
            assertThat(it.reason()).contains("No space left on device");
            assertThat(it.nextTry()).contains(cleaner.clock.instant().plus(Duration.ofHours(1)));
            assertThat(it.failures()).isEqualTo(1);
        });
        assertThat(cleaner.engine.cleaner().totals().failures()).isEqualTo(1);

        cleaner.disk.rule((name, path) -> {});
        cleaner.engine.compact();
        assertThat(cleaner.shown(bad).state()).isEqualTo(State.IDLE);
        assertThat(LogReader.offsets(bad, 0)).hasSizeLessThan(before.size());
    }

    @Test
    void aDamagedBatchStopsItsLogAndLeavesTheData() throws IOException {
        CleanerFixture cleaner = start(CleanerFixture.SETTINGS);
        LocalLog bad = cleaner.open("bad");
        LocalLog good = cleaner.open("good");
        cleaner.fill(bad, 60, 3);
        cleaner.fill(good, 60, 3);
        Segment damaged = bad.view().segments()[1];
        byte[] bytes = Files.readAllBytes(damaged.path());
        bytes[100] ^= 1;
        Files.write(damaged.path(), bytes);
        Segment[] before = bad.view().segments();

        cleaner.engine.compact();

        assertThat(bad.view().segments()).isEqualTo(before);
        assertThat(Files.readAllBytes(damaged.path())).isEqualTo(bytes);
        cleaner.requireNoOtherFiles(bad);
        assertThat(cleaner.shown(bad).state()).isEqualTo(State.UNCLEANABLE);
        assertThat(cleaner.shown(bad).reason()).contains(damaged.path() + " is damaged at 0");
        assertThat(cleaner.shown(bad).nextTry()).isEmpty();
        assertThat(cleaner.shown(good).lastRun()).isPresent();
    }

    @Test
    void aStopDoesNotWaitForTheRateLimit() {
        CleanerFixture cleaner = start(settings(1, 1, 1 << 20));
        LocalLog log = cleaner.open("table");
        cleaner.fill(log, 60, 3);
        CompletableFuture<Void> compacting = CompletableFuture.runAsync(cleaner.engine::compact);
        while (cleaner.shown(log).state() != State.THROTTLED) {
            Thread.onSpinWait();
        }

        assertThat(cleaner.engine.close(Duration.ofSeconds(60))).isEmpty();

        assertThat(compacting).succeedsWithin(Duration.ofSeconds(60));
        cleaner.requireNoOtherFiles(log);
        assertThat(cleaner.engine.cleaner().totals().failures()).isZero();
    }

    @Test
    void aLogThatRetentionTrimsMeanwhileIsNoFailure() throws Exception {
        CleanerFixture cleaner = start(CleanerFixture.SETTINGS);
        LogOptions options = CleanerFixture.COMPACTED;
        LocalLog log = cleaner.open("table", new LogOptions(options.durability(),
                options.segmentBytes(), options.segmentAge(), options.indexIntervalBytes(),
                OptionalLong.of(4096), OptionalLong.empty(), true, options.compaction(),
                options.producerExpiry()));
        cleaner.fill(log, 60, 3);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch trimmed = new CountDownLatch(1);
        Path second = log.view().segments()[1].path();
        cleaner.disk.rule((name, path) -> {
            if (onCleaner() && path.equals(second.toString())) {
                reading.countDown();
                await(trimmed);
            }
        });
        CompletableFuture<Void> compacting = CompletableFuture.runAsync(cleaner.engine::compact);
        reading.await();
        int dropped = cleaner.owner.call(() -> log.maintain(cleaner.clock.millis()));
        assertThat(dropped).isGreaterThan(1);
        while (Files.exists(second)) {
            Thread.onSpinWait();
        }
        trimmed.countDown();
        compacting.join();

        assertThat(cleaner.engine.troubles()).isEmpty();
        assertThat(cleaner.engine.cleaner().totals().failures()).isZero();
        assertThat(log.startOffset()).isPositive();
        cleaner.requireNoOtherFiles(log);
    }

    @Test
    void reportsWhatARoundDid() {
        CleanerFixture cleaner = start(CleanerFixture.SETTINGS);
        LocalLog log = cleaner.open("table");
        cleaner.fill(log, 60, 3);
        LogCleaning before = cleaner.shown(log);
        assertThat(before.due()).isTrue();
        assertThat(before.dirtyRatio()).isEqualTo(1);
        assertThat(before.lastRun()).isEmpty();

        cleaner.engine.compact();

        LogCleaning after = cleaner.shown(log);
        assertThat(after.state()).isEqualTo(State.IDLE);
        assertThat(after.due()).isFalse();
        assertThat(after.firstDirty()).isEqualTo(before.cleanableEnd());
        assertThat(after.lastRun()).hasValueSatisfying(run -> {
            assertThat(run.complete()).isTrue();
            assertThat(run.cleanedTo()).isEqualTo(before.cleanableEnd());
            assertThat(run.recordsRead()).isEqualTo(before.cleanableEnd());
            assertThat(run.recordsKept()).isEqualTo(3);
            assertThat(run.bytesRead()).isEqualTo(2 * before.dirtyBytes());
            assertThat(run.bytesWritten()).isEqualTo(after.cleanBytes());
        });
        CleanerReport report = cleaner.engine.cleaner();
        assertThat(report.totals().rounds()).isEqualTo(1);
        assertThat(report.totals().recordsKept()).isEqualTo(3);
        assertThat(report.reservedBytes()).as("given up after the round").isZero();
    }

    @Test
    void settingsChangeWhileItRuns() {
        CleanerFixture cleaner = start(settings(1, 1, 1 << 20));
        LocalLog log = cleaner.open("table");
        cleaner.fill(log, 60, 3);
        CompletableFuture<Void> compacting = CompletableFuture.runAsync(cleaner.engine::compact);
        while (cleaner.shown(log).state() != State.THROTTLED) {
            Thread.onSpinWait();
        }
        CleanerSettings wanted = new CleanerSettings(3, Double.MAX_VALUE, Duration.ofMillis(10),
                new ByteSize(1 << 16));

        cleaner.engine.configure(wanted);
        cleaner.clock.advance(Duration.ofMillis(1));

        compacting.join();
        assertThat(cleaner.engine.cleaner().settings()).isEqualTo(wanted);
        cleaner.fill(log, 60, 3);
        while (cleaner.shown(log).dirtyBytes() > 0) {
            Thread.onSpinWait();
        }
        assertThat(cleaner.engine.cleaner().totals().failures()).isZero();
    }
}
