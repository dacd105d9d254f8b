package io.taffrail.log.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.compact.CompactedLog.Entry;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.LogState;
import io.taffrail.log.state.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of compaction; each test checks one of its invariants. */
class CompactionTest {

    private final CompactedLog log = new CompactedLog();

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theNewestRecordOfEachKeyStaysAsItWas(Codec codec) {
        log.with(codec).put("a", "1", "b", "1").put("a", "2", "c", "1").put("a", "3");
        List<Entry> before = log.entries();

        log.compactAll();

        assertThat(log.offsets()).containsExactly(1L, 3L, 4L);
        assertThat(before).containsAll(log.entries());
        assertThat(log.batches().getFirst()).satisfies(
                batch -> assertThat(BatchHeader.compression(batch, 0)).isEqualTo(codec.id()));
    }

    @Test
    void aBatchOfWhichAllStaysIsNotRewritten() {
        log.put("a", "1").put("b", "1", "c", "1");
        List<ByteBuffer> before = log.batches();

        log.compactAll();

        assertThat(log.batches()).isEqualTo(before);
    }

    @Test
    void aSecondRoundLooksAtNewRecordsAndCleansTheOldOnes() {
        log.put("a", "1", "b", "1", "c", "1").compactAll();
        log.put("b", "2").compactAll();

        assertThat(log.offsets()).containsExactly(0L, 2L, 3L);
        assertThat(log.fold()).isEqualTo(Map.of("a", "1", "b", "2", "c", "1"));
    }

    @Test
    void theLastBatchOfARoundStaysWithoutItsRecords() {
        log.put("a", "1").inTransaction(1, 0, "b", "1").roll().abort(1);
        log.state().expireProducers(Long.MAX_VALUE);

        log.compact();

        assertThat(log.offsets()).containsExactly(0L);
        ByteBuffer last = log.batches().get(1);
        assertThat(BatchHeader.lastOffset(last, 0)).isEqualTo(1);
        assertThat(BatchHeader.recordCount(last, 0)).isZero();
    }

    @Test
    void aTombstoneStaysForItsTimeFromTheFirstRoundThatMetIt() {
        log.put("a", "1").put("a", null, "b", "1");
        log.advance(Duration.ofDays(10));
        log.compactAll();
        assertThat(log.offsets()).containsExactly(1L, 2L);
        long timestampMs = log.entries().getFirst().timestampMs();

        log.advance(CompactedLog.DELETE_RETENTION.minusMillis(2));
        log.put("c", "1").compactAll();
        assertThat(log.offsets()).containsExactly(1L, 2L, 3L);
        assertThat(log.entries().getFirst().timestampMs()).isEqualTo(timestampMs);

        log.advance(Duration.ofMillis(1));
        log.put("d", "1").compactAll();
        assertThat(log.offsets()).containsExactly(2L, 3L, 4L);
        assertThat(log.fold()).isEqualTo(Map.of("b", "1", "c", "1", "d", "1"));
    }

    @Test
    void aTombstoneThatIsOverwrittenGoesAtOnce() {
        log.put("a", null).put("a", "1").compactAll();

        assertThat(log.offsets()).containsExactly(1L);
    }

    @Test
    void theDeleteHorizonLiesInTheBaseTimestamp() {
        log.put("a", null, "b", "1").compactAll();
        ByteBuffer batch = log.batches().getFirst();

        assertThat(BatchHeader.hasDeleteHorizon(batch, 0)).isTrue();
        assertThat(BatchHeader.baseTimestamp(batch, 0))
                .isEqualTo(log.nowMs + CompactedLog.DELETE_RETENTION.toMillis());
    }

    @Test
    void recordsWithoutKeyAreRemovedAndCounted() {
        log.put(null, "1", "a", "1", null, "2");

        assertThat(log.compactAll().recordsWithoutKey()).isEqualTo(2);
        assertThat(log.offsets()).containsExactly(1L);
    }

    @Test
    void theActiveSegmentIsLeftAlone() {
        log.put("a", "1").put("a", "2");
        log.compact();
        assertThat(log.offsets()).containsExactly(0L, 1L);
        log.roll().put("a", "3", "a", "4");
        log.compact();

        assertThat(log.offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void segmentsYoungerThanTheSmallestLagAreLeftAlone() {
        CompactionOptions options = new CompactionOptions(true, 0, Duration.ofMinutes(10),
                Duration.ofDays(1000), CompactedLog.DELETE_RETENTION);
        log.with(options).put("a", "1").put("a", "2").roll().advance(Duration.ofMinutes(9));
        log.put("a", "3").put("a", "4").roll();

        log.compact();
        assertThat(log.offsets()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(log.range().isDue(options)).isFalse();
        log.advance(Duration.ofMinutes(2));
        log.compact();
        assertThat(log.offsets()).containsExactly(1L, 2L, 3L);
        log.advance(Duration.ofMinutes(9));
        log.compact();
        assertThat(log.offsets()).containsExactly(3L);
    }

    @Test
    void theLargestLagForcesCleaningBelowTheDirtyRatio() {
        CompactionOptions options = new CompactionOptions(true, 0.9, Duration.ZERO,
                Duration.ofMinutes(10), CompactedLog.DELETE_RETENTION);
        log.with(options).put("a", "1", "b", "1", "c", "1", "d", "1").compactAll();
        log.put("a", "2").roll();
        assertThat(log.range().dirtyRatio()).isBetween(0.1, 0.9);
        assertThat(log.range().isDue(options)).isFalse();
        log.advance(Duration.ofMinutes(11));

        assertThat(log.range().overdue()).isTrue();
        assertThat(log.range().isDue(options)).isTrue();
    }

    @Test
    void cleaningIsDueAboveTheDirtyRatio() {
        CompactionOptions options = new CompactionOptions(true, 0.5, Duration.ZERO,
                Duration.ofDays(1000), CompactedLog.DELETE_RETENTION);
        log.with(options);
        assertThat(log.range().isDue(options)).isFalse();
        log.put("a", "1").roll();
        assertThat(log.range().dirtyRatio()).isEqualTo(1.0);
        assertThat(log.range().isDue(options)).isTrue();
        assertThat(log.range().isDue(CompactionOptions.off())).isFalse();
        log.compact();
        log.put("b", "1").roll();
        assertThat(log.range().isDue(options)).isFalse();
        log.put("c", "1").roll();
        assertThat(log.range().isDue(options)).isTrue();
    }

    @Test
    void recordsOfAbortedTransactionsGoWithoutRegardToKeys() {
        log.put("a", "committed").inTransaction(7, 0, "a", "aborted", "b", "aborted").abort(7);
        log.put("c", "1").compactAll();

        assertThat(log.offsets()).containsExactly(0L, 4L);
        assertThat(log.fold()).isEqualTo(Map.of("a", "committed", "c", "1"));
    }

    @Test
    void recordsOfCommittedTransactionsCountByKey() {
        log.put("a", "1").inTransaction(7, 0, "a", "2", "b", "1").commit(7).put("b", "2");
        log.compactAll();

        assertThat(log.offsets()).containsExactly(1L, 4L);
        assertThat(log.markers()).containsExactly(3L);
    }

    @Test
    void markersStayUntilTheirRecordsAreGoneAndTheHorizonHasPassed() {
        log.inTransaction(7, 0, "a", "1").commit(7).inTransaction(7, 1, "b", "1").abort(7);
        log.putOf(7, 2, "x", "1").put("a", "2").compactAll();
        assertThat(log.markers()).containsExactly(1L, 3L);

        log.put("c", "1").compactAll();
        assertThat(log.markers()).as("records gone, horizon set").containsExactly(1L, 3L);

        log.advance(CompactedLog.DELETE_RETENTION);
        log.put("d", "1").compactAll();
        assertThat(log.markers()).isEmpty();
        assertThat(log.fold()).isEqualTo(
                Map.of("a", "2", "c", "1", "d", "1", "x", "1"));
    }

    @Test
    void anAbortedTransactionIsForgottenBeforeItsMarkerGoes() {
        log.inTransaction(7, 0, "a", "1").abort(7).putOf(7, 1, "x", "1");
        log.compactAll();
        assertThat(log.gone()).isEmpty();

        log.put("b", "1").compactAll();
        assertThat(log.gone()).singleElement()
                .satisfies(it -> assertThat(it.firstOffset()).isZero());
        assertThat(log.markers()).containsExactly(1L);
    }

    @Test
    void anAbortedTransactionWhoseMarkerIsGoneHidesNothingLater() {
        log.inTransaction(7, 0, "a", "rolled back").abort(7);
        log.inTransaction(7, 1, "b", "rolled back").abort(7);
        log.inTransaction(7, 2, "a", "1").commit(7).inTransaction(7, 3, "b", "1").commit(7);
        List<AbortedTransaction> before = log.aborted(log.end());
        log.compactAll();
        log.put("c", "1").compactAll();
        log.advance(CompactedLog.DELETE_RETENTION).put("d", "1").compactAll();
        assertThat(log.markers()).doesNotContain(1L, 3L);

        log.withAborted(before).put("e", "1").compactAll();

        assertThat(log.fold()).containsEntry("a", "1").containsEntry("b", "1");
        assertThat(log.offsets()).contains(4L, 6L);
        assertThat(log.gone()).hasSize(2);
        assertThat(log.aborted(log.end())).isEmpty();
    }

    @Test
    void aRoundThatEndedWithinASegmentWaitsForTheTransactionInIt() {
        List<SegmentFacts> segments = List.of(new SegmentFacts(0, 10, 100, 1, 1),
                new SegmentFacts(10, 20, 100, 1, 1), new SegmentFacts(20, 30, 100, 1, 1));

        CleanableRange waiting = CleanableRange.of(segments, 13, 15, CompactedLog.OPTIONS, 5);
        CleanableRange over = CleanableRange.of(segments, 13, 30, CompactedLog.OPTIONS, 5);

        assertThat(waiting.isDue(CompactedLog.OPTIONS)).isFalse();
        assertThat(over.isDue(CompactedLog.OPTIONS)).isTrue();
        assertThat(over.end()).isEqualTo(20);
    }

    @Test
    void nothingFromTheLastStableOffsetOnIsCleaned() {
        log.put("a", "1").put("a", "2").roll();
        log.inTransaction(7, 0, "b", "1").put("a", "3").roll().put("a", "4").roll();

        log.compact();

        assertThat(log.offsets()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(log.cleanedUpTo()).isEqualTo(2);
    }

    @Test
    void anIdempotentProducerGoesOnAfterItsRecordsWereRemoved() {
        log.putOf(7, 0, "a", "1").putOf(7, 1, "b", "1", "a", "2").put("a", "3", "b", "3");
        log.compactAll();

        assertThat(log.offsets()).containsExactly(3L, 4L);
        ByteBuffer next = new BatchBuilder().producer(7, (short) 0, 3)
                .add(1, new byte[1], new byte[1]).build();
        assertThat(log.rebuilt().check(next, 0)).isInstanceOf(Verdict.Accept.class);
        ByteBuffer again = new BatchBuilder().producer(7, (short) 0, 1)
                .add(1, new byte[1], new byte[1]).add(1, new byte[1], new byte[1]).build();
        assertThat(log.rebuilt().check(again, 0)).isInstanceOfSatisfying(Verdict.Duplicate.class,
                it -> assertThat(it.baseOffset()).isEqualTo(1));
    }

    @Test
    void aProducerThatIsForgottenLeavesNoEmptyBatch() {
        log.putOf(7, 0, "a", "1").put("a", "2");
        log.state().expireProducers(Long.MAX_VALUE);
        log.compactAll();

        assertThat(log.batches()).hasSize(1);
    }

    @Test
    void theMarkerOfAProducerWithoutOtherBatchesStaysForItsEpoch() {
        log.inTransaction(7, 0, "a", "1");
        ByteBuffer fencing = BatchBuilder.endMarker(7, (short) 5, false, 0, log.nowMs);
        ActiveProducers none = ActiveProducers.none();
        LogState state = new LogState();
        BatchHeader.stamp(fencing, 0, 1, 0);
        log.batches().forEach(batch -> {
            var _ = state.apply(batch, 0);
        });
        var _ = state.apply(fencing, 0);

        assertThat(ActiveProducers.of(state).lastIs(fencing)).isTrue();
        assertThat(none.lastIs(fencing)).isFalse();
    }

    @Test
    void aFullMapMeansAPartialRoundThatTheNextResumes() {
        log.withMapOf(10);
        for (int index = 0; index < 40; index++) {
            log.put("k" + index % 20, "v" + index);
        }
        log.roll();
        Map<String, String> before = log.fold();
        long previous = 0;
        int rounds = 0;
        while (log.cleanedUpTo() < log.end()) {
            log.compact();
            assertThat(log.cleanedUpTo()).isGreaterThan(previous);
            assertThat(log.fold()).isEqualTo(before);
            previous = log.cleanedUpTo();
            rounds++;
        }
        assertThat(rounds).isGreaterThan(2);
        assertThat(log.entries()).extracting(Entry::key).doesNotHaveDuplicates();
    }

    @Test
    void aMapTooSmallForOneBatchCleansPartOfTheBatch() {
        log.withMapOf(4).put("a", "1", "b", "1", "c", "1", "d", "1", "e", "1", "f", "1", "a", "2")
                .put("b", null, "c", "2").roll();
        Map<String, String> before = log.fold();
        List<Long> ends = new ArrayList<>();
        while (log.cleanedUpTo() < log.end()) {
            log.compact();
            assertThat(log.fold()).isEqualTo(before);
            ends.add(log.cleanedUpTo());
        }

        assertThat(ends).startsWith(4L).isSorted().doesNotHaveDuplicates().endsWith(9L);
        assertThat(log.offsets()).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void aTombstoneBehindTheEndOfAPartialRoundIsNotTimedYet() {
        log.withMapOf(2).put("a", null, "b", "1", "c", null, "d", "1").roll();

        log.compact();
        assertThat(log.cleanedUpTo()).isEqualTo(2);
        assertThat(BatchHeader.hasDeleteHorizon(log.batches().getFirst(), 0)).isFalse();

        log.compact();
        assertThat(log.cleanedUpTo()).isEqualTo(4);
        assertThat(BatchHeader.hasDeleteHorizon(log.batches().getFirst(), 0)).isTrue();
    }

    @Test
    void roundsInAnyOrderKeepTheFold() {
        long seed = Long.getLong("taffrail.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int run = 0; run < 25; run++) {
            CompactedLog any = new CompactedLog()
                    .with(Codec.of(random.nextInt(Codec.values().length)));
            RandomWriter writer = new RandomWriter(any, random);
            for (int step = 0; step < 60; step++) {
                writer.write();
                if (random.nextInt(6) == 0) {
                    any.advance(Duration.ofMinutes(random.nextInt(90)));
                    verifyRound(any, random, "seed " + seed + " run " + run + " step " + step);
                }
            }
        }
    }

    private static void verifyRound(CompactedLog any, Random random, String where) {
        if (random.nextBoolean()) {
            any.roll();
        }
        Map<String, String> fold = any.fold();
        List<Entry> before = any.entries();
        any.compact();
        assertThat(any.fold()).as(where).isEqualTo(fold);
        assertThat(before).as(where).containsAll(any.entries());
        assertThat(any.offsets()).as(where).isSorted().doesNotHaveDuplicates();
        assertThat(any.entries().stream().filter(it -> it.offset() < any.cleanedUpTo()))
                .as(where).extracting(Entry::key).doesNotHaveDuplicates();
        assertThat(any.rebuilt().lastOffsetByProducer()).as(where)
                .isEqualTo(any.state().lastOffsetByProducer());
    }
}
