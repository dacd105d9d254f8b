package io.taffrail.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CyclesTest {

    private final Cycles cycles = new Cycles();

    @Test
    void findsNoneInAGraphWithout() {
        cycles.add(1, 2);
        cycles.add(1, 3);
        cycles.add(2, 4);
        cycles.add(3, 4);

        assertThat(cycles.find()).isEmpty();
    }

    @Test
    void findsEachOnce() {
        for (long[] edge : new long[][]{{1, 2}, {2, 1}, {2, 3}, {3, 4}, {4, 5}, {5, 3}, {5, 6}}) {
            cycles.add(edge[0], edge[1]);
        }

        assertThat(cycles.find()).containsExactlyInAnyOrder(List.of(1L, 2L), List.of(3L, 4L, 5L));
    }

    @Test
    void followsPathsAsLongAsAHistory() {
        int length = 200_000;
        for (int i = 0; i < length; i++) {
            cycles.add(i, (i + 1) % length);
        }

        assertThat(cycles.find()).singleElement().satisfies(
                cycle -> assertThat(cycle).hasSize(length));
    }
}
