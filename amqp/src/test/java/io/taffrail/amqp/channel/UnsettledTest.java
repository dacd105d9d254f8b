package io.taffrail.amqp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.queue.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Deliveries of a channel, beside a plain map of them. */
class UnsettledTest {

    /** A delivery of nothing. */
    private record Numbered(long offset) implements Delivery {

        @Override
        public String queue() {
            return "q";
        }

        @Override
        public boolean redelivered() {
            return false;
        }

        @Override
        public boolean isSettled() {
            return false;
        }

        @Override
        public void accept() {
            // Nobody is told.
        }

        @Override
        public void requeue() {
            // Nobody is told.
        }

        @Override
        public void reject() {
            // Nobody is told.
        }
    }

    private final Unsettled unsettled = new Unsettled();
    private final TreeMap<Long, Delivery> expected = new TreeMap<>();
    private long lastTag;

    private void add() {
        lastTag++;
        Delivery delivery = new Numbered(lastTag);
        unsettled.add(lastTag, delivery);
        expected.put(lastTag, delivery);
    }

    private void takeUpTo(long tag) {
        List<Delivery> taken = new ArrayList<>();
        unsettled.takeUpTo(tag, (_, delivery) -> taken.add(delivery));
        assertThat(taken).containsExactlyElementsOf(expected.headMap(tag, true).values());
        expected.headMap(tag, true).clear();
    }

    @Test
    void onlyThoseUpToATagAreCounted() {
        for (int index = 0; index < 100_000; index++) {
            add();
        }

        assertThat(unsettled.countUpTo(0)).isZero();
        assertThat(unsettled.countUpTo(3)).isEqualTo(3);
        assertThat(unsettled.countUpTo(Long.MAX_VALUE)).isEqualTo(100_000);
    }

    @RepeatedTest(20)
    void holdsWhatAMapHolds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int step = 0; step < 2000; step++) {
            for (int more = random.nextInt(20); more > 0; more--) {
                add();
            }
            long tag = lastTag - random.nextInt(30);
            if (random.nextInt(100) == 0) {
                takeUpTo(random.nextBoolean() ? Long.MAX_VALUE : tag);
            } else {
                assertThat(unsettled.take(tag)).as("seed %d", seed)
                        .isSameAs(expected.remove(tag));
            }
            assertThat(unsettled.size()).as("seed %d", seed).isEqualTo(expected.size());
            assertThat(unsettled.countUpTo(tag)).as("seed %d", seed)
                    .isGreaterThanOrEqualTo(expected.headMap(tag, true).size());
        }
        takeUpTo(Long.MAX_VALUE);
        assertThat(unsettled.size()).isZero();
    }
}
