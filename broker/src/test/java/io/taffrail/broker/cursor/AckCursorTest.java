package io.taffrail.broker.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The floor, and settled messages above it. */
final class AckCursorTest {

    @Test
    void theFloorPassesMillionsThatWereSettledBehindOneMessage() {
        AckCursor cursor = new AckCursor();
        cursor.settle(1, 50_000_000);
        cursor.settle(50_000_001, 50_000_100);

        cursor.settle(0, 1);

        assertThat(cursor.floor()).isEqualTo(50_000_000);
        assertThat(cursor.settledAboveFloor()).isEqualTo(99);
        assertThat(cursor.isSettled(50_000_000)).isFalse();
        cursor.settle(50_000_000, 50_000_001);
        assertThat(cursor.floor()).isEqualTo(50_000_100);
        assertThat(cursor.settledAboveFloor()).isZero();
    }

    @Test
    void aRangeMayCoverWhatIsSettledAlready() {
        AckCursor cursor = new AckCursor();
        for (long offset = 1; offset < 1000; offset += 2) {
            cursor.settle(offset, offset + 1);
        }

        cursor.settle(0, 800);

        assertThat(cursor.floor()).isEqualTo(800);
        assertThat(cursor.settledAboveFloor()).isEqualTo(100);
        assertThat(cursor.isSettled(801)).isTrue();
        assertThat(cursor.isSettled(802)).isFalse();
    }

    @Test
    void itAgreesWithASetOfOffsets() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AckCursor cursor = new AckCursor();
        TreeSet<Long> settled = new TreeSet<>();
        for (int step = 0; step < 400; step++) {
            long from = random.nextInt(2000);
            long to = from + 1 + (random.nextInt(4) == 0 ? random.nextInt(300) : 0);
            cursor.settle(from, to);
            for (long offset = from; offset < to; offset++) {
                settled.add(offset);
            }
            long floor = 0;
            while (settled.contains(floor)) {
                floor++;
            }
            assertThat(cursor.floor()).as("seed %s step %s", seed, step).isEqualTo(floor);
            assertThat(cursor.settledAboveFloor()).as("seed %s step %s", seed, step)
                    .isEqualTo(settled.tailSet(floor).size());
            SettledOffsets seen = SettledOffsets.of(cursor).below(1500);
            assertThat(seen.countBetween(100, 1900)).as("seed %s step %s", seed, step)
                    .isEqualTo(settled.subSet(100L, 1500L).size());
            assertThat(seen.contains(1500)).isFalse();
        }
    }
}
