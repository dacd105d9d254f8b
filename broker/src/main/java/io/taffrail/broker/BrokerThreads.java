package io.taffrail.broker;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The threads of a broker besides the owners of logs: threads of its own ({@link OwnThreads}), or
 * those of a simulation. Only {@link #timers} may be used on an owner's thread.
 */
public interface BrokerThreads extends AutoCloseable {

    /** The executor for changes of the catalog, one at a time; they may {@link #await}. */
    Executor catalog();

    /** Runs a task on {@link #catalog} after a delay, unless it was closed before. */
    void later(Duration delay, Runnable task);

    /** The timers of one owner. */
    Timers timers(Owner owner);

    /**
     * Runs a task repeatedly, with a pause after each run, until the result is closed; the task may
     * {@link #await}.
     */
    Registration every(Duration pause, Runnable task);

    /**
     * Waits for a future and returns its result.
     *
     * @throws java.util.concurrent.CompletionException
     *             if it failed
     */
    <T> T await(CompletableFuture<T> future);

    /**
     * Shuts {@link #catalog} down: running changes finish, within a bounded time, and no more are
     * taken.
     */
    void endCatalog();

    /** Stops all threads. */
    @Override
    void close();
}
