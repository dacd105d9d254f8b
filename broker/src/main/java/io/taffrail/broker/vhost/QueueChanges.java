package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.limit.LimitKind;
import io.taffrail.broker.limit.LimitSource;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.ClosedQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.QueueArguments;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueSettings;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.stream.HostedLog;
import io.taffrail.broker.stream.StreamQueue;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.FailStop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The requests that declare, delete and use queues. Owner thread only. */
final class QueueChanges {

    private final Topology topology;
    private final TopologyStore store;
    private final ExchangeChanges exchanges;
    private final QueueOpener opener;
    private final HostPolicies policies;
    private final QueueContext context;
    private final HostRefusals refusals;
    private final Supplier<String> newId;
    private final Quarantines quarantines;
    private final Map<AnyQueue, String> ids = new HashMap<>();
    private LimitSource limits = LimitSource.NONE;
    private String host = "";
    private QueueTopics topics;
    /** Set from any thread. */
    private volatile Optional<QueueType> defaultType = Optional.empty();

    QueueChanges(Topology topology, TopologyStore store, ExchangeChanges exchanges,
            QueueOpener opener, HostPolicies policies, QueueContext context,
            Supplier<String> newId, Quarantines quarantines) {
        this.topology = topology;
        this.store = store;
        this.exchanges = exchanges;
        this.opener = opener;
        this.policies = policies;
        this.context = context;
        this.refusals = policies.refusals();
        this.newId = newId;
        this.quarantines = quarantines;
        this.topics = new QueueTopics("", null, context.owner(), refusals);
    }

    /** Sets the limits that operators set, and the name of the host that they belong to. */
    void limits(LimitSource all, String name) {
        limits = all;
        host = name;
    }

    private void checkLimit(String queue) {
        limits.reached(LimitKind.HOST_QUEUES, host, ids.size()).ifPresent(limit -> {
            throw HostRefusals.precondition("cannot declare queue '" + queue
                    + "': queue limit in vhost '" + host + "' (" + limit + ") is reached");
        });
    }

    /** Sets the registry that shows queues as topics from now on. */
    void topics(QueueTopics to) {
        topics = to;
    }

    /** The queue of this name, which must exist and not be exclusive to another session. */
    AnyQueue mine(String name, Session session) {
        AnyQueue queue = topology.queue(name).orElseThrow(() -> refusals.noQueue(name));
        Optional<Session> holder = queue.exclusiveTo();
        if (holder.isPresent() && !holder.get().equals(session)) {
            throw refusals.locked(name);
        }
        return queue;
    }

    Optional<QueueType> defaultType() {
        return defaultType;
    }

    void defaultType(Optional<QueueType> type) {
        defaultType = type;
    }

    CompletableFuture<QueueStatus> declare(QueueDeclaration asked, Session session) {
        QueueDeclaration wanted = defaultType.map(asked::withDefault).orElse(asked);
        if (wanted.name().startsWith("amq.")) {
            throw refusals.reserved("queue", wanted.name());
        }
        boolean exists = !wanted.name().isEmpty()
                && topology.queue(wanted.name()).isPresent();
        if (!exists) {
            checkLimit(wanted.name());
        }
        context.traffic().declared(!exists);
        if (exists) {
            return status(redeclare(wanted, session));
        }
        if (wanted.name().isEmpty()) {
            checkServerNamed(wanted);
        }
        String name = wanted.name().isEmpty() ? "amq.gen-" + newId.get() : wanted.name();
        QueueDeclaration declaration = new QueueDeclaration(name, wanted.durable(),
                wanted.exclusive(), wanted.autoDelete(), wanted.arguments());
        topology.space().check(DefinitionBytes.of(declaration)
                + DefinitionBytes.state(declaration), refusals.queue(name));
        String id = newId.get();
        boolean kept = wanted.durable() && !wanted.exclusive();
        if (!kept) {
            return open(declaration, id,
                    wanted.exclusive() ? Optional.of(session) : Optional.empty())
                    .thenComposeAsync(queue -> added(queue, id), context.owner())
                    .thenCompose(QueueChanges::status);
        }
        topics.reserve(name);
        return openKept(declaration, id)
                .thenCompose(queue -> stored(queue, id))
                .thenComposeAsync(queue -> added(queue, id), context.owner())
                .thenCompose(QueueChanges::status)
                .whenComplete((_, _) -> topics.release(name));
    }

    /** The logs of a queue that is not stored would be nobody's. */
    private CompletableFuture<AnyQueue> stored(AnyQueue queue, String id) {
        return CompletableFuture.completedFuture(queue)
                .thenCompose(_ -> exchanges.leftovers().removed())
                .thenCompose(_ -> store.put(store.queueKey(queue.name()),
                        new Stored.OfQueue(queue.declaration(), id)).thenApply(_ -> queue))
                .exceptionallyComposeAsync(cause -> {
                    queue.delete();
                    opener.delete(id);
                    return CompletableFuture.failedFuture(cause);
                }, context.owner());
    }

    private static void checkServerNamed(QueueDeclaration wanted) {
        argument("x-queue-type", wanted)
                .filter(it -> it.equals(new FieldValue.Text(QueueType.QUORUM.argument()))
                        || it.equals(new FieldValue.Text(QueueType.STREAM.argument())))
                .ifPresent(it -> {
                    throw HostRefusals
                            .precondition("Cannot declare a server-named queue for type rabbit_"
                                    + it.shown() + "_queue");
                });
    }

    private CompletableFuture<AnyQueue> openKept(QueueDeclaration declaration, String id) {
        try {
            return open(declaration, id, Optional.empty());
        } catch (BrokerException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Adds a new queue when it follows the policies as they are then, and starts it. */
    private CompletableFuture<AnyQueue> added(AnyQueue queue, String id) {
        CompletableFuture<Void> current = policies.refresh(queue);
        if (!current.isDone()) {
            return current.handle((_, _) -> queue)
                    .thenComposeAsync(it -> added(it, id), context.owner());
        }
        if (current.isCompletedExceptionally()) {
            queue.delete();
            opener.delete(id);
            return exchanges.leftovers().remove(List.of(store.queueKey(queue.name())))
                    .thenCompose(_ -> current).thenApply(_ -> queue);
        }
        opened(queue, id);
        queue.start();
        return CompletableFuture.completedFuture(queue);
    }

    private void opened(AnyQueue queue, String id) {
        topology.add(queue);
        topology.space().added(DefinitionBytes.state(queue.declaration()));
        ids.put(queue, id);
        topics.show(queue, id);
    }

    private static CompletableFuture<QueueStatus> status(AnyQueue queue) {
        CompletableFuture<QueueStatus> status = new CompletableFuture<>();
        queue.status(status::complete);
        return status;
    }

    /** Opens a queue found in the store; it is started later, when all queues are open. */
    CompletableFuture<Void> load(Stored.OfQueue stored) {
        CompletableFuture<AnyQueue> opening;
        try {
            opening = open(stored.declaration(), stored.id(), Optional.empty());
        } catch (RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        return opening.handleAsync((queue, failure) -> {
            opened(failure == null ? queue : closed(stored, Serial.cause(failure)), stored.id());
            return null;
        }, context.owner());
    }

    /**
     * Creates the quarantined stand-in of a queue that cannot be opened, so that the others start.
     */
    private AnyQueue closed(Stored.OfQueue stored, Throwable why) {
        FailStop.check(why);
        QueueDeclaration declaration = stored.declaration();
        ClosedQueue queue = new ClosedQueue(declaration, policies.settings(declaration));
        var _ = queue.quarantine(quarantines.add(declaration.name(), why));
        return queue;
    }

    /** Reopens a quarantined queue from its logs, and replaces it in the topology. */
    CompletableFuture<Void> reopen(String name) {
        AnyQueue failed = topology.queue(name).orElseThrow(() -> refusals.noQueue(name));
        String id = ids.get(failed);
        if (id == null) {
            return CompletableFuture.completedFuture(null);
        }
        // After a failed log without a later append, the queue itself does not know of the failure.
        opener.quarantined(id).filter(_ -> failed.quarantine().isEmpty()).ifPresent(why -> failed
                .quarantine(quarantines.add(name, new LogFailedException(why))));
        if (failed.quarantine().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        // The open turn and those under way end first, with a known or unknown outcome.
        return context.turn().ended().thenCompose(_ -> opener.renewed()).thenComposeAsync(_ -> {
            if (!id.equals(ids.get(failed))) {
                throw refusals.noQueue(name);
            }
            failed.close();
            return open(failed.declaration(), id, failed.exclusiveTo());
        }, context.owner())
                .thenComposeAsync(queue -> replaced(failed, queue, id), context.owner());
    }

    private CompletableFuture<Void> replaced(AnyQueue failed, AnyQueue queue, String id) {
        CompletableFuture<Void> current = policies.refresh(queue);
        if (!current.isDone()) {
            return current.handle((_, _) -> queue)
                    .thenComposeAsync(it -> replaced(failed, it, id), context.owner());
        }
        if (current.isCompletedExceptionally()) {
            queue.close();
            return current;
        }
        if (!id.equals(ids.remove(failed))) {
            queue.close();
            return current; // The queue was deleted meanwhile.
        }
        topics.hide(failed);
        topology.replace(failed, queue);
        context.reopened(queue);
        ids.put(queue, id);
        topics.show(queue, id);
        quarantines.remove(queue.name());
        queue.start();
        return current;
    }

    private CompletableFuture<AnyQueue> open(QueueDeclaration declaration, String id,
            Optional<Session> exclusiveTo) {
        boolean kept = declaration.durable() && exclusiveTo.isEmpty();
        QueueSettings settings = policies.settings(declaration);
        if (settings.type() == QueueType.STREAM) {
            return openStream(declaration, settings, id);
        }
        return opener.open(id, kept ? Durability.FSYNC : Durability.MEMORY,
                settings.countsDeliveries())
                .thenComposeAsync(logs -> loaded(new Queue(declaration, settings,
                        exclusiveTo.orElse(null), logs, context)), context.owner());
    }

    /**
     * Completes when the queue has loaded its state, before it is visible; closes it on a failure.
     */
    private static CompletableFuture<AnyQueue> loaded(Queue queue) {
        CompletableFuture<AnyQueue> loaded = queue.loading().thenApply(_ -> queue);
        return loaded.whenComplete((_, failure) -> {
            if (failure != null) {
                queue.close();
            }
        });
    }

    private CompletableFuture<AnyQueue> openStream(QueueDeclaration declaration,
            QueueSettings settings, String id) {
        String object = refusals.queue(declaration.name());
        return opener.openStream(id, policies.retention(declaration))
                .thenApplyAsync(log -> new StreamQueue(declaration, settings, object,
                        new HostedLog(log, context), context), context.owner());
    }

    private AnyQueue redeclare(QueueDeclaration wanted, Session session) {
        AnyQueue queue = mine(wanted.name(), session);
        QueueDeclaration current = queue.declaration();
        if (wanted.exclusive() != current.exclusive()) {
            throw refusals.locked(wanted.name());
        }
        String object = refusals.queue(wanted.name());
        HostRefusals.same("durable", object, wanted.durable(), current.durable());
        HostRefusals.same("auto_delete", object, wanted.autoDelete(), current.autoDelete());
        for (String argument : QueueArguments.COMPARED) {
            if (!argument(argument, wanted).equals(argument(argument, current))) {
                HostRefusals.same(argument, object, wanted.arguments().get(argument),
                        current.arguments().get(argument));
            }
        }
        return queue;
    }

    /** The value of an argument; a missing type counts as the default type. */
    private static Optional<FieldValue> argument(String argument, QueueDeclaration declaration) {
        Optional<FieldValue> value = declaration.arguments().get(argument);
        return argument.equals("x-queue-type")
                ? value.or(() -> Optional.of(new FieldValue.Text(QueueType.CLASSIC.argument())))
                : value;
    }

    Subscription consume(String name, ConsumerOptions options, Consumer consumer) {
        AnyQueue queue = mine(name, options.session());
        if (queue.settings().type() == QueueType.QUORUM
                && options.prefetch().stream().anyMatch(Prefetch::limitsSeveral)) {
            throw new BrokerException(BrokerError.NOT_IMPLEMENTED,
                    refusals.queue(name) + " does not support global qos");
        }
        QueueArguments.checkConsumer(options.arguments(), refusals.queue(name));
        boolean conflict = queue.settings().type() == QueueType.CLASSIC
                && (queue.hasExclusiveConsumer() || (options.exclusive()
                        && (queue.consumerCount() > 0 || queue.settings().singleActive())));
        if (conflict) {
            throw HostRefusals.accessRefused(refusals.queue(name) + " in exclusive use");
        }
        return queue.consume(options, consumer);
    }

    CompletableFuture<QueueStatus> check(String name, Session session) {
        return status(mine(name, session));
    }

    CompletableFuture<Long> delete(String name, Session session, boolean ifUnused,
            boolean ifEmpty) {
        if (topology.queue(name).isEmpty()) {
            return CompletableFuture.completedFuture(0L);
        }
        AnyQueue queue = mine(name, session);
        if (!ids.containsKey(queue)) {
            throw HostRefusals.accessRefused(refusals.queue(name)
                    + " is a partition of a topic, which is deleted as a topic");
        }
        return status(queue).thenCompose(status -> {
            if (ifUnused && status.consumers() > 0) {
                throw HostRefusals.precondition(refusals.queue(name) + " in use");
            }
            if (ifEmpty && status.ready() > 0) {
                throw HostRefusals.precondition(refusals.queue(name) + " not empty");
            }
            return delete(queue).thenApply(_ -> status.ready());
        });
    }

    /** Hides all queues that are shown as topics; none is reopened any more. */
    void end() {
        ids.keySet().forEach(topics::hide);
        ids.clear();
    }

    /** The id of a queue that was declared and not deleted. */
    Optional<String> id(AnyQueue queue) {
        return Optional.ofNullable(ids.get(queue));
    }

    /**
     * Deletes a queue, which stays in use until its deletion is stored; does nothing if it was
     * deleted before.
     */
    CompletableFuture<Void> delete(AnyQueue queue) {
        String id = ids.get(queue);
        if (id == null) {
            return CompletableFuture.completedFuture(null);
        }
        return exchanges.removal().stored(queue.name(), () -> {
            ids.remove(queue);
            quarantines.remove(queue.name());
            topology.removeQueue(queue.name());
            context.traffic().deleted();
            topology.space().removed(DefinitionBytes.state(queue.declaration()));
            topics.hide(queue);
            queue.delete();
            opener.delete(id);
        }).run();
    }
}
