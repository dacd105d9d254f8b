package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

abstract class TimeContract extends ContractTest {

    @Test
    void anEmptyLogHasNoTimes() {
        WritableLog log = log("a");

        assertThat(log.offsetForTime(0)).isEmpty();
        assertThat(log.offsetOfMaxTimestamp()).isEmpty();
    }

    @Test
    void findsTheFirstRecordAtOrAfterATime() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        for (long timestampMs = 100; timestampMs < 10_000; timestampMs += 300) {
            append(log, batchOf(timestampMs, timestampMs + 100, timestampMs + 200));
        }
        int epoch = log.leaderEpoch();
        assertThat(log.segmentCount()).isGreaterThan(2);

        assertThat(log.offsetForTime(Long.MIN_VALUE)).contains(new TimedOffset(0, 100, epoch));
        for (long offset = 0; offset < log.durableEnd(); offset++) {
            long timestampMs = 100 + offset * 100;
            TimedOffset expected = new TimedOffset(offset, timestampMs, epoch);
            assertThat(log.offsetForTime(timestampMs)).contains(expected);
            assertThat(log.offsetForTime(timestampMs - 99)).contains(expected);
        }
        assertThat(log.offsetForTime(100 + log.durableEnd() * 100)).isEmpty();
    }

    @Test
    void findsTheFirstByOffsetWhenTimesAreOutOfOrder() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        append(log, batchOf(500, 100));
        append(log, batchOf(50, 900, 200));
        append(log, batchOf(300));
        fill(log, 20, 2);
        int epoch = log.leaderEpoch();

        assertThat(log.offsetForTime(100)).contains(new TimedOffset(0, 500, epoch));
        assertThat(log.offsetForTime(501)).contains(new TimedOffset(3, 900, epoch));
        assertThat(log.offsetForTime(901))
                .contains(new TimedOffset(6, clock.millis(), epoch));
    }

    @Test
    void looksInsideCompressedBatches() {
        WritableLog log = log("a");
        for (Codec codec : Codec.values()) {
            long base = codec.id() * 1_000L;
            append(log, new BatchBuilder().codec(codec).add(base, null, new byte[9])
                    .add(base + 500, null, new byte[9]).build());
        }
        for (Codec codec : Codec.values()) {
            assertThat(log.offsetForTime(codec.id() * 1_000L + 1)).contains(new TimedOffset(
                    codec.id() * 2L + 1, codec.id() * 1_000L + 500, log.leaderEpoch()));
        }
    }

    @Test
    void doesNotFindRecordsBelowTheStart() {
        WritableLog log = log("a");
        append(log, batchOf(100, 200, 300, 50));
        append(log, batchOf(120));
        owner.run(() -> log.trimTo(3));

        assertThat(log.offsetForTime(100))
                .contains(new TimedOffset(4, 120, log.leaderEpoch()));
    }

    @Test
    void findsTheFirstRecordOfTheLargestTime() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        append(log, batchOf(100, 700, 300));
        append(log, batchOf(700, 200));
        for (int index = 0; index < 20; index++) {
            append(log, batchOf(500, 500, 500));
        }

        assertThat(log.offsetOfMaxTimestamp())
                .contains(new TimedOffset(1, 700, log.leaderEpoch()));
        append(log, batchOf(600, 701));
        assertThat(log.offsetOfMaxTimestamp())
                .contains(new TimedOffset(66, 701, log.leaderEpoch()));
    }

    @Test
    void recordsOfALogAppendTimeBatchHaveTheBatchsTime() {
        WritableLog log = log("a");
        ByteBuffer batch = batchOf(1, 2, 3);
        BatchHeader.stampTime(batch, 0, true, 5_000);
        append(log, batch);

        assertThat(log.offsetForTime(4_000))
                .contains(new TimedOffset(0, 5_000, log.leaderEpoch()));
        assertThat(log.offsetOfMaxTimestamp())
                .contains(new TimedOffset(0, 5_000, log.leaderEpoch()));
    }

    @Test
    void timesAreFoundAfterReopening() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        for (long timestampMs = 100; timestampMs < 5_000; timestampMs += 100) {
            append(log, batchOf(timestampMs));
        }
        int epoch = log.leaderEpoch();

        reopen();

        WritableLog again = log("a", SMALL_SEGMENTS);
        assertThat(again.offsetForTime(2_450)).contains(new TimedOffset(24, 2_500, epoch));
        assertThat(again.offsetOfMaxTimestamp()).contains(new TimedOffset(48, 4_900, epoch));
    }
}
