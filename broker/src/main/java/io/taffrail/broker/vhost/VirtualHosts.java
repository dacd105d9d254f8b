package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.QueueType;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The virtual hosts of a broker. Safe for any thread. */
public interface VirtualHosts {

    /** The virtual host of this name, if there is one. */
    Optional<VirtualHost> find(String name);

    /** Every virtual host, by name. */
    Collection<VirtualHost> all();

    /**
     * Adds a virtual host, with the exchanges that are always there; completes on any thread when
     * it is durable and open. One that is there already is no error.
     */
    CompletableFuture<Void> create(String name);

    /**
     * As {@link #create(String)}.
     *
     * @param defaultQueueType
     *            the type of queues that are declared without {@code x-queue-type} and may have it,
     *            also in a virtual host that is there already; empty leaves it as it is
     */
    CompletableFuture<Void> create(String name, Optional<QueueType> defaultQueueType);

    /**
     * Deletes a virtual host with everything in it, after those who use it were told; completes on
     * any thread when that is durable. Fails if there is none.
     */
    CompletableFuture<Void> delete(String name);
}
