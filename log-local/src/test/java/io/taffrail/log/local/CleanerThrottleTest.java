package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.local.thread.Background;
import io.taffrail.log.local.thread.Loop;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The cleaner's rate limit, on a clock that a wait advances. */
final class CleanerThrottleTest {

    private final ManualClock clock = new ManualClock();
    private final CompletableFuture<Void> ending = new CompletableFuture<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<Boolean> told = new ArrayList<>();

    /** Waits by advancing the clock. */
    private final class Waits implements Threads {

        private Runnable during = () -> {};

        @Override
        public boolean await(CompletableFuture<?> future, Duration patience) {
            waits.add(patience);
            clock.advance(patience);
            during.run();
            return future.isDone();
        }

        @Override
        public <T> T await(CompletableFuture<T> future) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Worker worker(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Loop loop(String name, Loop.Turn turn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Background background(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void together(List<? extends DiskTask> tasks) {
            throw new UnsupportedOperationException();
        }
    }

    private final Waits threads = new Waits();

    private CleanerThrottle throttle(double bytesPerSecond) {
        return new CleanerThrottle(bytesPerSecond, clock, threads, ending);
    }

    private Duration waited() {
        return waits.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void keepsToTheRateOverTime() {
        CleanerThrottle throttle = throttle(1000);
        for (int i = 0; i < 100; i++) {
            throttle.pay(100, told::add);
        }

        assertThat(waited()).isBetween(Duration.ofMillis(9_900), Duration.ofSeconds(10));
        assertThat(throttle.waited()).isEqualTo(waited());
        assertThat(told.subList(0, 2)).containsExactly(true, false);
    }

    @Test
    void timeWithoutWorkIsNotSavedUp() {
        CleanerThrottle throttle = throttle(1000);
        clock.advance(Duration.ofHours(1));

        throttle.pay(1000, told::add);

        assertThat(waited()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anUnlimitedRateNeverWaits() {
        CleanerThrottle throttle = throttle(Double.MAX_VALUE);

        throttle.pay(Long.MAX_VALUE, told::add);

        assertThat(waits).isEmpty();
    }

    @Test
    void theEndOfTheEngineEndsAWait() {
        threads.during = () -> ending.complete(null);

        throttle(1).pay(1 << 20, told::add);

        assertThat(waits).hasSize(1);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aHigherRateEndsAWait() {
        CleanerThrottle throttle = throttle(1);
        threads.during = () -> throttle.rate(1e9);

        throttle.pay(1 << 20, told::add);

        assertThat(waited()).isLessThan(Duration.ofSeconds(2));
    }
}
