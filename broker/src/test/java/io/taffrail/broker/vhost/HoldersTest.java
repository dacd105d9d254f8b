package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.queue.Holding;
import org.junit.jupiter.api.Test;

/** Holders without deliveries are removed, also between two checks. */
class HoldersTest {

    private static final class Fake implements Holding {

        private final boolean holding;

        Fake(boolean holding) {
            this.holding = holding;
        }

        @Override
        public boolean isHolding() {
            return holding;
        }

        @Override
        public void check(long usualMs, long nowMs) {
            // No time-out is reported.
        }
    }

    @Test
    void thoseWhoLetGoDoNotPileUp() {
        Holders holders = new Holders();
        for (int index = 0; index < 10; index++) {
            holders.add(new Fake(true));
        }
        for (int index = 0; index < 100_000; index++) {
            holders.add(new Fake(false));
        }

        assertThat(holders.size()).isLessThan(50);
        assertThat(holders.check(1, 1)).isTrue();
        assertThat(holders.size()).isEqualTo(10);
    }
}
