package io.taffrail.broker;

import io.taffrail.broker.schedule.ThreadOwner;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The broker's own threads: one for the catalog, one for timers, one for retention. Timers follow
 * the time source. Retention repeats by the machine's time; a test that makes time jump applies it
 * itself.
 */
final class OwnThreads implements BrokerThreads {

    private static final int END_SECONDS = 10;

    private final ThreadOwner catalog = new ThreadOwner("taffrail-catalog");
    private final ScheduledExecutorService retention = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("taffrail-retention").factory());
    private final ThreadTimers timers;
    private final Timers catalogTimers;

    OwnThreads(TimeSource time) {
        timers = new ThreadTimers(time);
        catalogTimers = timers.of(catalog);
    }

    @Override
    public Executor catalog() {
        return catalog.thread();
    }

    @Override
    public void later(Duration delay, Runnable task) {
        catalog.execute(() -> {
            var _ = catalogTimers.after(delay.toMillis(), task);
        });
    }

    @Override
    public Timers timers(Owner owner) {
        return timers.of(owner);
    }

    @Override
    public Registration every(Duration pause, Runnable task) {
        Future<?> repeated = retention.scheduleWithFixedDelay(task, pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
        return () -> repeated.cancel(true);
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        return future.join();
    }

    @Override
    public void endCatalog() {
        ExecutorService thread = catalog.thread();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        catalog.thread().shutdownNow();
        retention.shutdownNow();
        timers.close();
    }
}
