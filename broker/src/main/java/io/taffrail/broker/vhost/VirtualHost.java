package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.policy.Policies;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One virtual host: exchanges, queues and bindings, and the way in and out. Call it on its
 * {@link #owner}'s thread only; futures complete there too, and fail with
 * {@link io.taffrail.broker.BrokerException} where the request is refused. Changes are made in the
 * order of the calls, and answered when they are durable, as far as their objects are.
 */
public interface VirtualHost {

    String name();

    /** The type of queues declared without one, where the owner of the broker has set it. */
    Optional<QueueType> defaultQueueType();

    Owner owner();

    /** Creates the exchange, or checks that the present one is the same. */
    CompletableFuture<Void> declareExchange(ExchangeDeclaration wanted);

    /** Fails if there is no such exchange. */
    CompletableFuture<Void> checkExchange(String exchange);

    /** Deletes an exchange with its bindings; no exchange is no error. */
    CompletableFuture<Void> deleteExchange(String exchange, boolean ifUnused);

    /** Creates the queue, or checks that the present one is the same. */
    CompletableFuture<QueueStatus> declareQueue(QueueDeclaration wanted, Session session);

    /** The status of a queue that has to be there; counts as a use of it. */
    CompletableFuture<QueueStatus> checkQueue(String queue, Session session);

    /** Deletes a queue; completes with the messages that were ready. No queue is no error. */
    CompletableFuture<Long> deleteQueue(String queue, Session session, boolean ifUnused,
            boolean ifEmpty);

    /** Settles all that is ready; completes with how many that were. */
    CompletableFuture<Long> purgeQueue(String queue, Session session);

    /**
     * Opens a queue that failed from its logs, with what they hold; completes when it is in use.
     * Fails if there is no such queue, or its logs cannot be opened: it stays as it is then. A
     * queue that has not failed is left alone.
     */
    CompletableFuture<Void> reopenQueue(String queue);

    /** Queues that failed and are out of use. Safe for any thread. */
    List<Quarantine> quarantined();

    /** Adds a binding; one that is there already is no error. */
    CompletableFuture<Void> bind(Binding binding, Session session);

    /** Removes a binding; one that is not there is no error. */
    CompletableFuture<Void> unbind(Binding binding, Session session);

    /** Optional arguments for queues and exchanges by name. */
    Policies policies();

    /** What there is. */
    Inventory inventory();

    /** What exchanges hold back. */
    PendingMessages pending();

    /** Opens a way in. */
    Publisher publisher(ConfirmListener listener);

    /**
     * Subscribes a consumer; deliveries begin in a later turn, so that the answer can be sent
     * before.
     */
    CompletableFuture<Subscription> consume(String queue, ConsumerOptions options,
            Consumer consumer);

    /**
     * Takes one message; completes when {@code getter} was called. Waits for what was published to
     * the queue before.
     *
     * @param holder
     *            holds the delivery until it is settled; empty: it is settled by being taken
     */
    CompletableFuture<Void> get(String queue, Session session, Optional<GetHolder> holder,
            Getter getter);

    /**
     * Runs {@code body}, which publishes and settles, and stores all of it as one step over every
     * queue of this host; completes when that is durable. A
     * {@link io.taffrail.broker.BrokerException} of the body fails the future after what the body
     * did before it was stored.
     */
    CompletableFuture<Void> atomically(Runnable body);

    /**
     * What all that was published and asked for up to now has cost the owner: about one for each
     * binding looked at, each queue reached, and each KiB that a queue was given, and 64 for a
     * request for an object: to look for or bind it, to consume or get from it; 256 for one that
     * declares or deletes a queue.
     */
    long work();

    /**
     * Runs {@code body}, which publishes, when others have had their turn: one after another, those
     * who asked first at first, and no more between two looks of the owner at its sockets than a
     * step may cost.
     */
    void inTurn(Runnable body);

    /** Has this told when the host can be used no more; later, if that is so already. */
    Registration onEnd(EndListener listener);

    /** Deletes the session's exclusive queues. Its subscriptions are closed by its channels. */
    void closed(Session session);
}
