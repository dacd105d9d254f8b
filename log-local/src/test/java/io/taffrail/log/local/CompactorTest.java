package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compaction on disk, as readers see it before, after, and after a kill. */
final class CompactorTest {

    private static final LogId LOG = new LogId("table@x-0");
    private static final LogOptions COMPACTED = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(4096))
            .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE),
                    Duration.ofHours(1)));

    @TempDir
    private Path dir;
    private final ManualClock clock = new ManualClock();
    private final OwnerThread owner = new OwnerThread();
    private LocalLogEngine engine;
    private WritableLog log;
    private int epoch;

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    @BeforeEach
    void start() {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL, clock);
        log = engine.openForWrite(LOG, new Lease("node", ++epoch), COMPACTED, owner).join();
    }

    private void put(String key, String value) {
        ByteBuffer batch = new BatchBuilder()
                .add(clock.millis(), key.getBytes(StandardCharsets.UTF_8),
                        value.isEmpty() ? null : value.getBytes(StandardCharsets.UTF_8))
                .build();
        OwnerThread.await(((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
    }

    private List<RecordView> read(long from) {
        return LogReader.records(log, from);
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }

    private static Map<String, String> fold(List<RecordView> records) {
        Map<String, String> table = new HashMap<>();
        for (RecordView record : records) {
            String key = text(Objects.requireNonNull(record.key()));
            ByteBuffer value = record.value();
            if (value == null) {
                table.remove(key);
            } else {
                table.put(key, text(value));
            }
        }
        return table;
    }

    @Test
    void foldsToTheSameTableBeforeAndAfterAndOverKills() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> table = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 300; i++) {
                String key = "key-" + random.nextInt(40);
                String value = random.nextInt(10) == 0 ? "" : "value-" + round + "-" + i;
                put(key, value);
                if (value.isEmpty()) {
                    table.remove(key);
                } else {
                    table.put(key, value);
                }
            }
            long end = log.durableEnd();
            engine.compact();
            assertThat(fold(read(0))).as("seed %d round %d", seed, round).isEqualTo(table);
            assertThat(log.startOffset()).isZero();
            clock.advance(Duration.ofHours(2));
            engine.abandon();
            start();
            assertThat(log.durableEnd()).as("seed %d round %d", seed, round).isEqualTo(end);
            assertThat(fold(read(0))).as("seed %d round %d", seed, round).isEqualTo(table);
        }
        assertThat(read(0)).as("seed %d", seed).hasSizeLessThan(400);
    }

    @Test
    void servesEveryOffsetFromTheNextThatIsLeft() {
        for (int i = 0; i < 400; i++) {
            put("key-" + i % 7, "value-" + i);
        }
        engine.compact();
        List<Long> left = read(0).stream().map(RecordView::offset).toList();
        assertThat(left).hasSizeLessThan(200);
        for (long offset = 0; offset < 400; offset++) {
            long wanted = offset;
            assertThat(read(offset).stream().map(RecordView::offset).filter(it -> it >= wanted)
                    .toList())
                    .as("from %d", offset)
                    .isEqualTo(left.stream().filter(it -> it >= wanted).toList());
        }
    }

    @Test
    void dropsTombstonesAfterTheirTime() {
        put("gone", "value");
        put("gone", "");
        for (int i = 0; i < 200; i++) {
            put("key-" + i % 3, "value-" + i);
        }
        engine.compact();
        assertThat(read(0)).anyMatch(it -> it.isTombstone());
        clock.advance(Duration.ofHours(2));
        for (int i = 0; i < 200; i++) {
            put("key-" + i % 3, "value-" + i);
        }
        engine.compact();
        assertThat(read(0)).noneMatch(it -> it.isTombstone());
    }

    @Test
    void mergesNeighbouringSegmentsUpToTheSizeOfOne() {
        for (int i = 0; i < 7; i++) {
            put("key-" + i, "v".repeat(1000));
            owner.run(log::roll);
        }
        assertThat(log.segmentCount()).isEqualTo(8);
        engine.compact();

        // Three batches fit into one segment. The active segment stays.
        assertThat(log.segmentCount()).isEqualTo(4);
        assertThat(read(0)).extracting(RecordView::offset).containsExactly(0L, 1L, 2L, 3L, 4L,
                5L, 6L);
    }

    @Test
    void rollsTheActiveSegmentInTimeForTheLargestLag() {
        Duration maxLag = Duration.ofMinutes(10);
        CompactionOptions options = new CompactionOptions(true, 0.9, Duration.ZERO, maxLag,
                Duration.ofHours(1));
        log = engine.openForWrite(new LogId("lag@x-0"), new Lease("node", epoch),
                COMPACTED.withCompaction(options), owner).join();
        put("a", "1");
        clock.advance(maxLag);
        put("a", "2");
        assertThat(log.segmentCount()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        put("a", "3");

        assertThat(log.segmentCount()).isEqualTo(2);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void passesOverALogThatIsQuarantined() {
        for (int i = 0; i < 400; i++) {
            put("key-" + i % 7, "value-" + i);
        }
        engine.quarantine(LOG, new IllegalStateException("injected"));

        engine.compact();

        assertThat(read(0)).hasSize(400);
        log = engine.openForWrite(LOG, new Lease("node", ++epoch), COMPACTED, owner).join();
        engine.compact();
        assertThat(read(0)).hasSizeLessThan(200);
    }
}
