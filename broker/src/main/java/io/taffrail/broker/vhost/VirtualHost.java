package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.job.Jobs;
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
 * A virtual host: its exchanges, queues and bindings, and the operations of clients. Called on its
 * {@link #owner}'s thread only. Futures complete on that thread, and fail with
 * {@link io.taffrail.broker.BrokerException} where the request is refused. Changes are made in the
 * order of the calls; a change of durable objects is answered when it is durable.
 */
public interface VirtualHost {

    String name();

    /** The type of queues declared without one, if the operator has set it. */
    Optional<QueueType> defaultQueueType();

    /** The event loop that all calls, except those safe for any thread, have to run on. */
    Owner owner();

    /** Creates the exchange, or checks that the existing one has the same properties. */
    CompletableFuture<Void> declareExchange(ExchangeDeclaration wanted);

    /** Fails if the exchange does not exist. */
    CompletableFuture<Void> checkExchange(String exchange);

    /** Deletes an exchange with its bindings; succeeds if it does not exist. */
    CompletableFuture<Void> deleteExchange(String exchange, boolean ifUnused);

    /** Creates the queue, or checks that the existing one has the same properties. */
    CompletableFuture<QueueStatus> declareQueue(QueueDeclaration wanted, Session session);

    /** The status of an existing queue; counts as a use of it. */
    CompletableFuture<QueueStatus> checkQueue(String queue, Session session);

    /**
     * Deletes a queue; completes with the number of ready messages. Succeeds if it does not exist.
     */
    CompletableFuture<Long> deleteQueue(String queue, Session session, boolean ifUnused,
            boolean ifEmpty);

    /** Settles all ready messages; completes with their number. */
    CompletableFuture<Long> purgeQueue(String queue, Session session);

    /**
     * Reopens a quarantined queue from its logs; completes when it is usable. Fails if the queue
     * does not exist or its logs cannot be opened, and then leaves it quarantined. A queue that is
     * not quarantined is left alone.
     */
    CompletableFuture<Void> reopenQueue(String queue);

    /** The quarantined queues. Safe for any thread. */
    List<Quarantine> quarantined();

    /** Adds a binding; succeeds if it exists already. */
    CompletableFuture<Void> bind(Binding binding, Session session);

    /** Removes a binding; succeeds if it does not exist. */
    CompletableFuture<Void> unbind(Binding binding, Session session);

    /** The policies, which set optional arguments of queues and exchanges by name. */
    Policies policies();

    /** The current contents. */
    Inventory inventory();

    /** Snapshots of queues and messages for an operator. */
    Inspection inspection();

    /** The delayed messages. */
    PendingMessages pending();

    /** The jobs. */
    Jobs jobs();

    /** Creates a publisher. */
    Publisher publisher(ConfirmListener listener);

    /**
     * Subscribes a consumer. Deliveries begin in a later turn, so that the reply can be sent before
     * them.
     */
    CompletableFuture<Subscription> consume(String queue, ConsumerOptions options,
            Consumer consumer);

    /**
     * Takes one message; completes when {@code getter} was called. Waits until messages published
     * to the queue before are readable.
     *
     * @param holder
     *            holds the delivery until it is settled; empty: it is settled at once
     */
    CompletableFuture<Void> get(String queue, Session session, Optional<GetHolder> holder,
            Getter getter);

    /**
     * Commits a transaction: its messages are routed and encoded, in several tasks if there are
     * many, and then stored with its settlements on all queues of this host as one atomic step.
     * Completes when that is durable. If it is refused, or fails before the atomic step, nothing is
     * published or settled.
     */
    CompletableFuture<Void> commit(Commit commit);

    /**
     * Runs {@code body}, which publishes and settles, and stores its effects on all queues of this
     * host as one atomic step; completes when they are durable. A
     * {@link io.taffrail.broker.BrokerException} of the body fails the future, but the effects
     * before it are stored.
     */
    CompletableFuture<Void> atomically(Runnable body);

    /**
     * Cost of all publishes and requests so far, on the owner's thread: about one for each binding
     * examined, each queue reached, and each KiB added to a queue; 64 for a request that checks or
     * binds an object, consumes or gets; 256 for one that declares or deletes a queue.
     */
    long work();

    /**
     * Runs {@code body}, which publishes, after the work that waits already: first come, first
     * served, with no more work between two looks of the owner at its sockets than the budget of a
     * step.
     */
    void inTurn(Runnable body);

    /**
     * Adds a listener for the end of the host. If the host has ended already, it is told in a later
     * task of the owner.
     */
    Registration onEnd(EndListener listener);

    /** Deletes the session's exclusive queues. The session's channels close its subscriptions. */
    void closed(Session session);
}
