package io.taffrail.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnThreadsTest {

    private static final int PATIENCE_S = 60;

    /** A time source that stands still until a test makes it jump. */
    private static final class StillTime implements TimeSource {

        private final AtomicLong nowNs = new AtomicLong();
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        void jump(Duration by) {
            nowNs.addAndGet(by.toNanos());
            listeners.forEach(Runnable::run);
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, nowNs.get());
        }

        @Override
        public long nanoTime() {
            return nowNs.get();
        }

        @Override
        public boolean jumps() {
            return true;
        }

        @Override
        public Registration onJump(Runnable listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    private final StillTime time = new StillTime();
    private final OwnThreads threads = new OwnThreads(time);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void whatIsToRunLaterGoesByTheSourceOfTime() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();
        threads.later(Duration.ofHours(1),
                () -> ran.complete(Thread.currentThread().getName()));
        // The timer is started on the catalog's thread.
        CompletableFuture.runAsync(() -> {}, threads.catalog()).get(PATIENCE_S, TimeUnit.SECONDS);

        time.jump(Duration.ofHours(1));

        assertThat(ran.get(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("taffrail-catalog");
    }

    @Test
    void nothingRunsLaterOnceTheCatalogHasEnded() {
        threads.endCatalog();
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        threads.later(Duration.ofHours(1), () -> ran.complete(true));

        time.jump(Duration.ofHours(2));

        assertThat(ran).isNotDone();
    }
}
