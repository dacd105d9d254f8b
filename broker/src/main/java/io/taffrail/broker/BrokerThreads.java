package io.taffrail.broker;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What a broker runs on besides the owners of logs: threads of its own ({@link OwnThreads}), or
 * those of a simulation. Nothing of it is used on an owner's thread but {@link #timers}.
 */
public interface BrokerThreads extends AutoCloseable {

    /** Runs changes of the catalog one at a time; they may {@link #await}. */
    Executor catalog();

    /** Runs something on {@link #catalog} after a while, if this is still open then. */
    void later(Duration delay, Runnable task);

    /** The timers of one owner. */
    Timers timers(Owner owner);

    /**
     * Runs something again and again, so long after its last end, until the result is closed; it
     * may {@link #await}.
     */
    Registration every(Duration pause, Runnable task);

    /**
     * Waits for a future and returns what it was completed with.
     *
     * @throws java.util.concurrent.CompletionException
     *             if it failed
     */
    <T> T await(CompletableFuture<T> future);

    /** Ends what was begun on {@link #catalog}; nothing more is taken there. */
    void endCatalog();

    /** Ends all of it. */
    @Override
    void close();
}
