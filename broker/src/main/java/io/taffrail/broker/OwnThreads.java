package io.taffrail.broker;

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

/** Threads of the broker alone: one for the catalog, one for timers, one for retention. */
final class OwnThreads implements BrokerThreads {

    private static final int END_SECONDS = 10;

    private final ExecutorService catalog = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("taffrail-catalog").factory());
    private final ScheduledExecutorService retention = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("taffrail-retention").factory());
    private final ThreadTimers timers;

    OwnThreads(TimeSource time) {
        timers = new ThreadTimers(time);
    }

    @Override
    public Executor catalog() {
        return catalog;
    }

    @Override
    public void later(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, catalog)
                .execute(task);
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
        catalog.shutdown();
        try {
            if (!catalog.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                catalog.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        catalog.shutdownNow();
        retention.shutdownNow();
        timers.close();
    }
}
