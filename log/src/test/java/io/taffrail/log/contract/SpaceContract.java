package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The contract of segments, trimming and retention. */
abstract class SpaceContract extends ContractTest {

    private static LogOptions options(long segmentBytes, OptionalLong retentionBytes,
            OptionalLong retentionMs, boolean deleteRetained) {
        return new LogOptions(Durability.FSYNC, new ByteSize(segmentBytes), Duration.ofDays(7),
                4096, retentionBytes, retentionMs, deleteRetained, CompactionOptions.off(),
                Duration.ofDays(1));
    }

    private static LogOptions keptFor(Duration age) {
        return options(1024, OptionalLong.empty(), OptionalLong.of(age.toMillis()), true);
    }

    @Test
    void segmentsStayWithinTheirSize() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 40, 2);

        long least = (log.sizeBytes() + 1023) / 1024;
        assertThat((long) log.segmentCount()).isBetween(least, 2 * least);
    }

    @Test
    void anOldSegmentIsRolledByTheNextAppend() {
        WritableLog log = log("a");
        append(log, batch(1));
        clock.advance(OPTIONS.segmentAge().minusMillis(1));
        append(log, batch(1));
        assertThat(log.segmentCount()).isEqualTo(1);
        clock.advance(Duration.ofMillis(2));
        append(log, batch(1));

        assertThat(log.segmentCount()).isEqualTo(2);
        assertThat(LogReader.offsets(log, 0)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void rollingBeginsANewSegmentAndChangesNoOffset() {
        WritableLog log = log("a");
        fill(log, 3, 2);
        int before = log.segmentCount();

        owner.run(log::roll);
        append(log, batch(2));

        assertThat(log.segmentCount()).isEqualTo(before + 1);
        assertThat(LogReader.offsets(log, 0)).isEqualTo(LongRange.of(0, 8));
    }

    @Test
    void trimmingMovesTheStartAndDropsWholeSegments() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 40, 2);
        long size = log.sizeBytes();
        int segments = log.segmentCount();

        owner.run(() -> log.trimTo(61));

        assertThat(log.startOffset()).isEqualTo(61);
        assertThat(log.durableEnd()).isEqualTo(80);
        assertThat(log.sizeBytes()).isLessThan(size / 2);
        assertThat(log.segmentCount()).isLessThan(segments);
        assertThat(LogReader.offsets(log, 61)).isEqualTo(LongRange.of(61, 80));
        ByteBuffer first = LogReader.batches(log, 61).getFirst();
        assertThat(BatchHeader.baseOffset(first, 0)).isEqualTo(60);
    }

    @Test
    void aTrimmedStartSurvivesReopening() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 40, 2);
        owner.run(() -> log.trimTo(61));
        append(log, batch(1));

        reopen();
        WritableLog again = log("a", SMALL_SEGMENTS);

        assertThat(again.startOffset()).isEqualTo(61);
        assertThat(LogReader.offsets(again, 61)).isEqualTo(LongRange.of(61, 81));
    }

    @Test
    void aLogTrimmedToItsEndGoesOnFromThere() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 40, 2);
        owner.run(() -> log.trimTo(80));
        assertThat(LogReader.read(log, 80, Long.MAX_VALUE, 1000, true).remaining()).isZero();

        reopen();
        WritableLog again = log("a", SMALL_SEGMENTS);

        assertThat(again.startOffset()).isEqualTo(80);
        assertThat(append(again, batch(1)).baseOffset()).isEqualTo(80);
        assertThat(LogReader.offsets(again, 80)).containsExactly(80L);
    }

    @Test
    void segmentsThatAreTooOldAreDropped() {
        WritableLog log = log("a", keptFor(Duration.ofHours(1)));
        fill(log, 20, 2);
        clock.advance(Duration.ofMinutes(40));
        owner.run(log::roll);
        fill(log, 20, 2);
        assertThat(maintain(log)).isZero();
        clock.advance(Duration.ofMinutes(21));
        int before = log.segmentCount();

        int dropped = maintain(log);

        assertThat(dropped).isPositive();
        assertThat(log.segmentCount()).isEqualTo(before - dropped);
        assertThat(log.startOffset()).isEqualTo(40);
        assertThat(LogReader.offsets(log, 40)).isEqualTo(LongRange.of(40, 80));
    }

    @Test
    void aLogOfWhichAllIsTooOldIsEmptiedAndKeepsItsOffsets() {
        WritableLog log = log("a", keptFor(Duration.ofHours(1)));
        fill(log, 20, 2);
        clock.advance(Duration.ofHours(2));

        assertThat(maintain(log)).isPositive();

        assertThat(log.startOffset()).isEqualTo(40);
        assertThat(log.durableEnd()).isEqualTo(40);
        assertThat(log.sizeBytes()).isZero();
        reopen();
        WritableLog again = log("a", keptFor(Duration.ofHours(1)));
        assertThat(again.startOffset()).isEqualTo(40);
        assertThat(append(again, batch(1)).baseOffset()).isEqualTo(40);
    }

    @Test
    void theOldestSegmentsAreDroppedWhileTheRestIsLargeEnough() {
        LogOptions options = options(1024, OptionalLong.of(4096), OptionalLong.empty(), true);
        WritableLog log = log("a", options);
        fill(log, 100, 2);

        assertThat(maintain(log)).isPositive();

        assertThat(log.sizeBytes()).isBetween(4096L, 4096L + 1024);
        assertThat(LogReader.offsets(log, log.startOffset()))
                .isEqualTo(LongRange.of(log.startOffset(), 200));
        assertThat(maintain(log)).isZero();
    }

    @Test
    void retentionDropsNothingWhereThePolicyIsNotToDelete() {
        WritableLog log = log("a",
                options(1024, OptionalLong.of(1), OptionalLong.of(1), false));
        fill(log, 40, 2);
        clock.advance(Duration.ofDays(30));

        assertThat(maintain(log)).isZero();
        assertThat(log.startOffset()).isZero();
    }

    @Test
    void newOptionsCountFromTheNextMaintenance() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 40, 2);
        LogOptions smaller = options(1024, OptionalLong.of(2048), OptionalLong.empty(), true);
        owner.run(() -> log.reconfigure(smaller));

        assertThat(log.options()).isEqualTo(smaller);
        assertThat(log.startOffset()).isZero();
        assertThat(maintain(log)).isPositive();
        assertThat(log.startOffset()).isPositive();
    }

    @Test
    void recordsWithoutTimestampAgeByTheClock() {
        WritableLog log = log("a", keptFor(Duration.ofHours(1)));
        append(log, batchOf(-1, -1));
        assertThat(maintain(log)).isZero();
        clock.advance(Duration.ofHours(2));

        assertThat(maintain(log)).isEqualTo(1);
    }

    @Test
    void manyRoundsOfRetentionKeepTheLogReadable() {
        WritableLog log = log("a", keptFor(Duration.ofMinutes(10)));
        for (int round = 0; round < 30; round++) {
            fill(log, 5, 3);
            clock.advance(Duration.ofMinutes(3));
            maintain(log);
            assertThat(LogReader.offsets(log, log.startOffset()))
                    .isEqualTo(LongRange.of(log.startOffset(), log.durableEnd()));
        }
        assertThat(log.startOffset()).isPositive();
        assertThat(List.of(log.nextOffset())).containsExactly(450L);
    }

    private int maintain(WritableLog log) {
        return owner.call(() -> log.maintain(clock.millis()));
    }
}
