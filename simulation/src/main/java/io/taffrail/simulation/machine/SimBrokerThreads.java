package io.taffrail.simulation.machine;

import io.taffrail.broker.BrokerThreads;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimOwner;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The broker's threads, simulated by a {@link Scheduler}. */
public final class SimBrokerThreads implements BrokerThreads {

    private final Scheduler scheduler;
    private final SimOwner catalog;
    private final SimOwner retention;

    public SimBrokerThreads(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.catalog = new SimOwner(scheduler, "taffrail-catalog");
        this.retention = new SimOwner(scheduler, "taffrail-retention");
    }

    @Override
    public Executor catalog() {
        return catalog;
    }

    @Override
    public void later(Duration delay, Runnable task) {
        scheduler.after(delay.toMillis(), () -> {
            if (!catalog.isEnding()) {
                catalog.execute(task);
            }
        });
    }

    @Override
    public Timers timers(Owner owner) {
        return new SimTimers(scheduler, owner, catalog::isEnding);
    }

    @Override
    public Registration every(Duration pause, Runnable task) {
        boolean[] closed = {false};
        retention.every(pause, () -> {
            if (!closed[0]) {
                task.run();
            }
        });
        return () -> closed[0] = true;
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        scheduler.until("a future", future::isDone);
        return future.join();
    }

    @Override
    public void endCatalog() {
        catalog.end(Duration.ofDays(1));
    }

    @Override
    public void close() {
        catalog.end(Duration.ofDays(1));
        retention.abandon();
    }
}
