package io.taffrail.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefetchTest {

    private final List<Integer> woken = new ArrayList<>();
    private long compared;

    private final class Waiting implements Runnable {

        private final int number;

        Waiting(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            woken.add(number);
        }

        @Override
        public boolean equals(Object other) {
            compared++;
            return other instanceof Waiting waiting && number == waiting.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /** Fills a shared limit with {@code count} waiting callbacks, each of which waits twice. */
    private Prefetch full(int count) {
        Prefetch prefetch = Prefetch.shared(1);
        prefetch.taken();
        for (int round = 0; round < 2; round++) {
            for (int number = 0; number < count; number++) {
                prefetch.awaitRoom(new Waiting(number));
            }
        }
        return prefetch;
    }

    @Test
    void eachThatWaitsIsWokenOnceAndTheFirstGoesLast() {
        for (int count : new int[]{1, 7, 8, 9, 20}) {
            woken.clear();
            Prefetch prefetch = full(count);
            prefetch.settled();

            assertThat(woken).containsExactlyElementsOf(IntStream.rangeClosed(1, count)
                    .mapToObj(number -> number % count).toList());
            prefetch.taken();
            prefetch.settled();
            assertThat(woken).hasSize(count);
        }
    }

    @Test
    void waitingCostsTheSameHoweverManyWait() {
        int count = 10_000;
        full(count).settled();

        assertThat(woken).hasSize(count);
        assertThat(compared).isLessThan(10L * count);
    }
}
