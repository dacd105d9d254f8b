package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.QueueType;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The virtual hosts of a broker. Safe for any thread. */
public interface VirtualHosts {

    /** The virtual host of this name, if it exists. */
    Optional<VirtualHost> find(String name);

    /** All virtual hosts, by name. */
    Collection<VirtualHost> all();

    /**
     * Creates a virtual host with the predeclared exchanges; completes on any thread when it is
     * durable and open. Succeeds if it exists already. Fails with
     * {@link io.taffrail.broker.BrokerError#INVALID_DEFINITION} if the name is empty or too long.
     */
    CompletableFuture<Void> create(String name);

    /**
     * As {@link #create(String)}.
     *
     * @param defaultQueueType
     *            the type of queues declared without {@code x-queue-type}, where the queue may have
     *            it; also set for an existing virtual host; empty leaves that unchanged
     */
    CompletableFuture<Void> create(String name, Optional<QueueType> defaultQueueType);

    /**
     * Deletes a virtual host with all its contents, after its listeners were told; completes on any
     * thread when that is durable. Fails with
     * {@link io.taffrail.broker.BrokerError#OBJECT_NOT_FOUND} if it does not exist.
     */
    CompletableFuture<Void> delete(String name);
}
