package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Timers of any number of owners on one thread, which only hands tasks over. */
public final class ThreadTimers implements AutoCloseable {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("taffrail-timers").factory());

    /** The timers of one owner. */
    public Timers of(Owner owner) {
        return (delayMs, task) -> {
            boolean[] closed = new boolean[1];
            Future<?> waiting = thread.schedule(() -> owner.execute(() -> {
                if (!closed[0]) {
                    task.run();
                }
            }), delayMs, TimeUnit.MILLISECONDS);
            return () -> {
                closed[0] = true;
                waiting.cancel(false);
            };
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
