package io.taffrail.log.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compaction of transactions, with kills before a checkpoint records the compaction. */
final class CompactionCrashTest {

    private static final LogOptions OPTIONS = LogOptions.defaults()
            .withSegmentBytes(new ByteSize(4096))
            .withCompaction(new CompactionOptions(true, 0.01, Duration.ZERO,
                    Duration.ofMillis(Long.MAX_VALUE), Duration.ofHours(1)));
    private static final long PRODUCER = 7;

    @TempDir
    private Path dir;
    private final ManualClock clock = new ManualClock();
    private final OwnerThread owner = new OwnerThread();
    private LocalLogEngine engine;
    private LocalLog log;
    private int epoch;
    private int fillers;

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    @BeforeEach
    void start() {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL, clock);
        open(Durability.FSYNC);
    }

    private void open(Durability durability) {
        log = (LocalLog) engine.openForWrite(new LogId(durability + "@x-0"),
                new Lease("node", ++epoch), OPTIONS.withDurability(durability), owner).join();
    }

    private void kill(Durability durability) {
        engine.abandon();
        start();
        open(durability);
    }

    private void append(ByteBuffer batch) {
        OwnerThread.await(((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
    }

    private void transaction(int sequence, String key, String value, boolean commit) {
        append(new BatchBuilder().producer(PRODUCER, (short) 0, sequence).transactional()
                .add(clock.millis(), key.getBytes(UTF_8), value.getBytes(UTF_8)).build());
        append(BatchBuilder.endMarker(PRODUCER, (short) 0, commit, 0, clock.millis()));
    }

    /** Appends enough for several segments, then compacts. */
    private void fillAndCompact() {
        for (int i = 0; i < 12; i++) {
            append(new BatchBuilder().add(clock.millis(),
                    ("filler-" + fillers++ % 3).getBytes(UTF_8), new byte[1000]).build());
        }
        engine.compact();
    }

    /** The newest committed value by key, read by the markers as Kafka's consumer does. */
    private Map<String, String> committed() {
        Map<String, String> table = new TreeMap<>();
        List<AbortedTransaction> toCome = new ArrayList<>(
                log.abortedTransactions(0, Long.MAX_VALUE));
        boolean aborting = false;
        for (ByteBuffer batch : batches()) {
            while (!toCome.isEmpty()
                    && toCome.getFirst().firstOffset() <= BatchHeader.lastOffset(batch, 0)) {
                toCome.removeFirst();
                aborting = true;
            }
            if (BatchHeader.isControl(batch, 0)) {
                aborting &= !isAbort(batch);
            } else if (!aborting || BatchHeader.producerId(batch, 0) != PRODUCER) {
                records(batch).forEach(it -> table.put(
                        UTF_8.decode(Objects.requireNonNull(it.key()).duplicate()).toString(),
                        UTF_8.decode(Objects.requireNonNull(it.value()).duplicate()).toString()));
            }
        }
        table.keySet().removeIf(it -> it.startsWith("filler"));
        return table;
    }

    private static boolean isAbort(ByteBuffer control) {
        return records(control).stream()
                .anyMatch(it -> Objects.requireNonNull(it.key()).getShort(2) == 0);
    }

    private static List<RecordView> records(ByteBuffer batch) {
        List<RecordView> found = new ArrayList<>();
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            records.forEachRemaining(found::add);
        }
        return found;
    }

    private List<ByteBuffer> batches() {
        List<ByteBuffer> found = new ArrayList<>();
        new BatchIterator(List.<Segment>of(log.view().segments())).forEachRemaining(found::add);
        return found;
    }

    private List<Long> markers() {
        return batches().stream()
                .filter(it -> BatchHeader.isControl(it, 0) && BatchHeader.recordCount(it, 0) > 0)
                .map(it -> BatchHeader.baseOffset(it, 0)).toList();
    }

    @ParameterizedTest
    @EnumSource(value = Durability.class, names = {"FSYNC", "OS"})
    void committedRecordsStayWhereverItIsKilled(Durability durability) {
        open(durability);
        transaction(0, "a", "rolled back", false);
        transaction(1, "a", "1", true);
        transaction(2, "b", "rolled back", false);
        transaction(3, "b", "1", true);
        Map<String, String> expected = Map.of("a", "1", "b", "1");
        for (int pass = 1; pass <= 5; pass++) {
            fillAndCompact();
            assertThat(committed()).as("pass %d", pass).isEqualTo(expected);
            kill(durability);
            assertThat(committed()).as("after pass %d and a kill", pass).isEqualTo(expected);
            clock.advance(Duration.ofHours(2));
        }
        assertThat(markers()).doesNotContain(1L, 5L);
        assertThat(log.abortedTransactions(0, Long.MAX_VALUE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Durability.class, names = {"FSYNC", "OS"})
    void whatNoCheckpointKnowsIsLearnedFromTheCompactedSegments(Durability durability) {
        open(durability);
        transaction(0, "a", "1", true);
        fillAndCompact();
        fillAndCompact();
        kill(durability);

        assertThat(log.producers()).singleElement().satisfies(it -> {
            assertThat(it.producerId()).isEqualTo(PRODUCER);
            assertThat(it.lastSequence()).isZero();
        });
        ByteBuffer gap = new BatchBuilder().producer(PRODUCER, (short) 0, 5).transactional()
                .add(clock.millis(), new byte[1], new byte[1]).build();
        assertThat(owner.call(() -> ((WritableLog) log).append(gap)))
                .isInstanceOfSatisfying(AppendResult.Refused.class, it -> assertThat(it.reason())
                        .isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE));
        transaction(1, "a", "2", true);
        assertThat(committed()).isEqualTo(Map.of("a", "2"));
    }
}
