package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.WritableLog;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link io.taffrail.log.spi.WritableLog#erase}. */
abstract class EraseContract extends ContractTest {

    /** A set of offsets. */
    private record Offsets(Set<Long> all) implements OffsetSet {

        static Offsets allBut(long end, Long... kept) {
            Set<Long> but = Set.of(kept);
            return new Offsets(LongStream.range(0, end).boxed().filter(it -> !but.contains(it))
                    .collect(Collectors.toSet()));
        }

        @Override
        public boolean contains(long offset) {
            return all.contains(offset);
        }

        @Override
        public long countBetween(long from, long to) {
            return all.stream().filter(it -> it >= from && it < to).count();
        }
    }

    private long erase(WritableLog log, OffsetSet gone) {
        return OwnerThread.await(owner.call(() -> log.erase(gone)));
    }

    @Test
    void whatIsErasedTakesNoSpaceAndTheRestKeepsItsOffset() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 200, 3);
        long size = log.sizeBytes();

        long freed = erase(log, Offsets.allBut(600, 1L, 250L, 251L));

        List<Long> left = LogReader.offsets(log, 0);
        assertThat(left).contains(1L, 250L, 251L);
        assertThat(log.sizeBytes()).isEqualTo(size - freed).isLessThan(size / 10);
        assertThat(log.startOffset()).isZero();
        assertThat(log.durableEnd()).isEqualTo(600);
        assertThat(LogReader.offsets(log, 2)).isEqualTo(left.subList(left.indexOf(250L),
                left.size()));
    }

    @Test
    void whatIsErasedStaysErasedOverARestartAndAKill() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 100, 2);
        erase(log, Offsets.allBut(150, 7L));
        List<Long> left = LogReader.offsets(log, 0);
        append(log, batch(1));

        reopen();
        log = log("a", SMALL_SEGMENTS);
        assertThat(LogReader.offsets(log, 0)).startsWith(left.toArray(Long[]::new))
                .endsWith(200L);
        kill();
        log = log("a", SMALL_SEGMENTS);
        assertThat(LogReader.offsets(log, 0)).startsWith(left.toArray(Long[]::new))
                .endsWith(200L);
        assertThat(log.startOffset()).isZero();
    }

    @Test
    void nothingElseIsErased() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 60, 4);
        Offsets odd = new Offsets(LongStream.range(0, 200).filter(it -> it % 2 == 1).boxed()
                .collect(Collectors.toSet()));

        erase(log, odd);

        assertThat(LogReader.offsets(log, 0)).containsAll(LongStream.range(0, 240).boxed()
                .filter(it -> !odd.contains(it)).toList()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theActiveSegmentStays() {
        WritableLog log = log("a");
        fill(log, 10, 2);

        assertThat(erase(log, Offsets.allBut(20))).isZero();
        assertThat(LogReader.offsets(log, 0)).isEqualTo(LongRange.of(0, 20));
    }

    @Test
    void erasingAgainAndAgainKeepsFewSegments() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        for (int round = 1; round <= 20; round++) {
            fill(log, 30, 2);
            Set<Long> gone = LongStream.range(0, round * 60L).filter(it -> it % 60 != 5).boxed()
                    .collect(Collectors.toSet());
            erase(log, new Offsets(gone));
        }

        assertThat(LogReader.offsets(log, 0)).contains(5L, 65L, 605L, 1145L);
        assertThat(log.sizeBytes()).isLessThan(12 * 1024L);
        assertThat(log.segmentCount()).isLessThan(30);
    }

    @Test
    void aProducerIsRememberedWhenItsRecordsAreErased() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        for (int sequence = 0; sequence < 20; sequence++) {
            append(log, idempotent(7, 0, sequence, 1));
        }
        fill(log, 20, 2);
        erase(log, Offsets.allBut(40));

        kill();
        WritableLog again = log("a", SMALL_SEGMENTS);

        assertThat(appendDuplicate(again, idempotent(7, 0, 19, 1)).baseOffset()).isEqualTo(19);
        append(again, idempotent(7, 0, 20, 1));
    }

    @Test
    void erasingAndTrimmingGoTogether() {
        WritableLog log = log("a", SMALL_SEGMENTS);
        fill(log, 100, 2);
        erase(log, Offsets.allBut(180, 3L, 100L));
        owner.run(() -> log.trimTo(50));

        assertThat(LogReader.offsets(log, 50)).startsWith(100L).doesNotContain(3L);
        owner.run(() -> log.trimTo(200));
        append(log, batch(1));
        assertThat(LogReader.offsets(log, 200)).containsExactly(200L);
    }
}
