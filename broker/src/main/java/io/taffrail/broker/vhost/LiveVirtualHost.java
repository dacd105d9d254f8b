package io.taffrail.broker.vhost;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.deadletter.Letter;
import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.HistorySpace;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.outbox.OutboxWriter;
import io.taffrail.broker.policy.Policies;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Holding;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.ReadRoom;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.LogId;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual host over a log engine. Owner thread only, except where a method says otherwise. */
final class LiveVirtualHost implements VirtualHost, QueueContext {

    private static final Logger LOG = LoggerFactory.getLogger(LiveVirtualHost.class);
    /** Cost of a request for an object, in units of {@link #work}. */
    private static final int REQUEST_WORK = 64;
    /**
     * As {@link #REQUEST_WORK}, for a request that creates or deletes a queue with its logs: about
     * 100 microseconds.
     */
    private static final int QUEUE_WORK = 256;

    private final String name;
    private final Owner owner;
    private final InstantSource clock;
    private final Timers timers;
    private final Turn turn;
    private final Optional<OutboxWriter> outbox;
    private final Steps steps;
    private final HostTraffic traffic = new HostTraffic();
    private final ReadRoom reading;
    private final CommitRoom commits;
    private final HistorySpace.Part histories;
    private final Topology topology;
    private final TopologyStore store;
    private final Serial serial;
    private final Delays delays;
    private final HostPolicies policies;
    private final Deduplication deduplication;
    private final ExchangeChanges exchanges;
    private final QueueChanges queues;
    private final AutomaticDeletions deletions;
    private final BindingChanges bindings;
    private final Routing routing;
    private final DeadLetterRouting deadLetters;
    private final HostRefusals refusals;
    private final HostJobs jobHost;
    private final Quarantines quarantines;
    private Registration topics = () -> {};
    private @Nullable TopicStreams shown;
    private final ConsumerTimeouts timeouts;
    private final HostEnd ends;
    private long requestWork;

    LiveVirtualHost(String name, LogEngine engine, Lease lease, Owner owner, InstantSource clock,
            Timers timers, Supplier<String> newId, HostOptions options, ReadRoom reading) {
        this.name = name;
        this.owner = owner;
        this.clock = clock;
        this.timers = timers;
        this.turn = new Turn(engine, owner, timers);
        this.outbox = options.outbox(owner, turn);
        this.steps = new Steps(owner, clock);
        this.reading = reading;
        this.commits = options.memory().commits();
        this.histories = options.memory().histories().part();
        DefinitionSpace definitions = options.definitions().part();
        definitions.added(DefinitionBytes.host(name));
        this.topology = new Topology(definitions, histories);
        this.ends = new HostEnd(name, owner);
        turn.onFailure(detail -> ends.end(listener -> listener.failed(detail)));
        this.store = new TopologyStore(engine.metaStore(), name);
        this.serial = new Serial(owner);
        this.refusals = new HostRefusals(name);
        this.quarantines = new Quarantines(name, clock);
        this.policies = new HostPolicies(topology, store, refusals, steps, owner);
        QueueOpener opener = new QueueOpener(engine, lease, this);
        this.delays = new Delays(opener, this, store.delayedId());
        delays.onFailed((cause, own) -> {
            var _ = quarantines.add(delays.name(), cause);
            reopenIf(!own, delays.name());
        });
        this.deduplication = new Deduplication(opener, this, store, quarantines);
        this.exchanges = new ExchangeChanges(topology, store, delays, deduplication, refusals,
                steps, owner);
        this.queues = new QueueChanges(topology, store, exchanges, opener, policies, this, newId,
                quarantines);
        queues.limits(options.limitSource(), name);
        this.deletions = new AutomaticDeletions(name, topology, serial, queues, timers);
        this.bindings = new BindingChanges(topology, store, exchanges, queues, refusals,
                new HistoryReplay(topology, this, options.lost(), options.publishing()), owner);
        this.timeouts = new ConsumerTimeouts(topology, clock, timers, steps,
                options.consumerTimeoutMs());
        policies.onChange(timeouts::changed);
        LostLetters lost = options.lost();
        MovedWalks moved = new MovedWalks(topology, this, options.publishing());
        this.routing = new Routing(topology, delays, refusals, lost, options.publishing(), moved,
                traffic);
        this.deadLetters = new DeadLetterRouting(topology, clock, lost, moved, steps,
                options.publishing());
        this.jobHost = new HostJobs(this, topology, opener, store.jobsLog(), newId, quarantines);
    }

    /** The memory that client definitions use. */
    DefinitionSpace definitions() {
        return topology.space();
    }

    /** The name that {@link #reopenQueue} takes for a log of messages, of a cursor, or of marks. */
    Optional<String> queueOf(LogId log) {
        String id = log.value().startsWith(QueueOpener.QUEUE)
                ? log.value().substring(QueueOpener.QUEUE.length())
                : log.value().startsWith(QueueOpener.CURSOR)
                        ? log.value().substring(QueueOpener.CURSOR.length())
                        : "";
        if (log.equals(store.jobsLog()) || store.exchanges().stream()
                .anyMatch(it -> store.marksLog(it.declaration().name()).equals(log))) {
            return Optional.of(log.value());
        }
        return id.equals(store.delayedId())
                ? Optional.of(delays.name())
                : store.queues().stream().filter(it -> it.id().equals(id))
                        .map(it -> it.declaration().name()).findFirst();
    }

    /** Names of the logs of all durable objects. */
    Set<String> storedLogs() {
        Set<String> logs = new HashSet<>();
        Stream.concat(store.queues().stream().map(Stored.OfQueue::id),
                Stream.of(store.delayedId())).forEach(id -> {
                    logs.add(QueueOpener.QUEUE + id);
                    logs.add(QueueOpener.CURSOR + id);
                });
        logs.add(store.jobsLog().value());
        store.exchanges().forEach(
                it -> logs.add(store.marksLog(it.declaration().name()).value()));
        return logs;
    }

    /**
     * Loads and opens all stored objects; completes on the owner's thread.
     *
     * @param hosting
     *            the registry in which queues are shown as topics and whose topics are shown as
     *            streams, or null
     */
    CompletableFuture<Void> load(@Nullable TopicHosting hosting) {
        queues.topics(new QueueTopics(name, hosting, owner, refusals));
        jobHost.hosting(hosting);
        return serial.change(() -> {
            policies.load();
            List<CompletableFuture<Void>> opening = Stream.concat(
                    store.exchanges().stream().map(it -> exchanges.load(it.declaration())),
                    store.queues().stream().map(queues::load)).toList();
            return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                    .thenComposeAsync(_ -> {
                        if (hosting != null && name.equals(HostNames.FIRST)) {
                            showTopics(hosting);
                        }
                        return restoreBindings();
                    }, owner)
                    .thenComposeAsync(_ -> jobHost.load(), owner)
                    .thenRunAsync(() -> topology.queues().forEach(AnyQueue::start), owner)
                    .thenComposeAsync(_ -> openDelays(), owner);
        });
    }

    /** Shows topics as streams, now and whenever they change. */
    private void showTopics(TopicHosting hosting) {
        TopicStreams streams = new TopicStreams(topology, exchanges, this, refusals, hosting,
                quarantines);
        shown = streams;
        hosting.topics().all().forEach(streams::show);
        topics = hosting.topics().watch(new TopicListener() {
            @Override
            public void changed(Topic topic) {
                inOrder(() -> {
                    streams.show(topic);
                    return CompletableFuture.completedFuture(null);
                });
            }

            @Override
            public void deleted(Topic topic) {
                inOrder(() -> streams.hide(topic).thenCompose(exchanges.leftovers()::remove));
            }
        });
    }

    private void inOrder(Supplier<CompletableFuture<Void>> change) {
        owner.execute(() -> {
            var _ = serial.change(change).whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("a topic cannot be shown in virtual host {}", name, failure);
                }
            });
        });
    }

    /**
     * Opens delayed messages if an exchange uses them. If they cannot be read they are quarantined,
     * and the start goes on.
     */
    private CompletableFuture<Void> openDelays() {
        if (topology.exchanges().stream().noneMatch(it -> it.declaration().isDelayed())) {
            return CompletableFuture.completedFuture(null);
        }
        return delays.open().exceptionally(failure -> {
            FailStop.check(Serial.cause(failure));
            var _ = quarantines.add(delays.name(), Serial.cause(failure));
            return null;
        });
    }

    /** Restores bindings; those without one of their ends are removed from the store. */
    private CompletableFuture<Void> restoreBindings() {
        Iterator<Stored.OfBinding> bindingsLeft = store.bindings().iterator();
        List<String> withoutEnd = new ArrayList<>();
        return steps.work(budget -> {
            while (bindingsLeft.hasNext() && !budget.isSpent()) {
                Binding next = bindingsLeft.next().binding();
                if (isWhole(next)) {
                    topology.add(next);
                } else {
                    withoutEnd.add(store.bindingKey(next));
                }
                budget.spend(0);
            }
            return !bindingsLeft.hasNext();
        }).thenCompose(_ -> exchanges.leftovers().remove(withoutEnd));
    }

    private boolean isWhole(Binding binding) {
        return topology.exchange(binding.source()).isPresent() && (binding.toQueue()
                ? topology.queue(binding.destination()).isPresent()
                : topology.exchange(binding.destination()).isPresent());
    }

    /**
     * Deletes the host when the changes before are done: removes it from the store, then tells the
     * listeners and deletes every queue. Changes that come later fail.
     *
     * @param removal
     *            removes the host and its objects from the store; if it fails the host stays
     * @return completes with the names of the logs that belonged to durable objects
     */
    CompletableFuture<Set<String>> delete(Supplier<CompletableFuture<Void>> removal) {
        return policies.last(() -> serial.change(() -> {
            Set<String> logs = storedLogs();
            return removal.get().thenApplyAsync(_ -> {
                end();
                return logs;
            }, owner);
        }));
    }

    private void end() {
        serial.close(refusals::noHost);
        policies.end();
        deletions.close();
        definitions().close();
        histories.close();
        ends.end(EndListener::deleted);
        routing.close();
        turn.flush();
        topics.close();
        jobHost.end();
        queues.end();
        topology.queues().forEach(AnyQueue::delete);
        delays.close();
        deduplication.close();
    }

    @Override
    public Registration onEnd(EndListener listener) {
        return ends.add(listener);
    }

    Optional<AnyQueue> queue(String queue) {
        return topology.queue(queue);
    }

    /**
     * Stores the open turn and closes every log; on the owner's thread. While the engine is
     * overloaded it tries again, until the turn is stored or has failed.
     *
     * @param closed
     *            completed after that
     */
    void close(CompletableFuture<Void> closed) {
        topics.close();
        deletions.close();
        routing.close();
        storeAndClose(closed);
    }

    private void storeAndClose(CompletableFuture<Void> closed) {
        try {
            turn.flush();
            if (turn.isOverloaded()) {
                var _ = timers.after(Turn.PATIENCE_MS, () -> storeAndClose(closed));
                return;
            }
            topology.queues().forEach(AnyQueue::close);
            delays.close();
            deduplication.close();
            jobHost.close();
            closed.complete(null);
        } catch (RuntimeException e) {
            closed.completeExceptionally(e);
        }
    }

    @Override
    public Optional<QueueType> defaultQueueType() {
        return queues.defaultType();
    }

    /** Sets the type of queues declared from now on without one. Safe for any thread. */
    void defaultQueueType(Optional<QueueType> type) {
        queues.defaultType(type);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Owner owner() {
        return owner;
    }

    @Override
    public Turn turn() {
        return turn;
    }

    @Override
    public Optional<OutboxWriter> outbox() {
        return outbox;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public ReadRoom reading() {
        return reading;
    }

    @Override
    public HostTraffic traffic() {
        return traffic;
    }

    @Override
    public Steps steps() {
        return steps;
    }

    /** Runs a change of exchanges or bindings in its order, and counts its cost. */
    private <T> CompletableFuture<T> change(Supplier<CompletableFuture<T>> change) {
        requestWork += REQUEST_WORK;
        return serial.change(change);
    }

    /** Runs a request for a queue in its order, and counts its cost. */
    private <T> CompletableFuture<T> request(String queue,
            Supplier<CompletableFuture<T>> request) {
        requestWork += REQUEST_WORK;
        return serial.request(queue, request);
    }

    @Override
    public CompletableFuture<Void> declareExchange(ExchangeDeclaration wanted) {
        return change(() -> exchanges.declare(wanted));
    }

    @Override
    public CompletableFuture<Void> checkExchange(String exchange) {
        return serial.change(() -> exchanges.check(exchange));
    }

    @Override
    public CompletableFuture<Void> deleteExchange(String exchange, boolean ifUnused) {
        return change(() -> exchanges.delete(exchange, ifUnused));
    }

    @Override
    public CompletableFuture<QueueStatus> declareQueue(QueueDeclaration wanted, Session session) {
        requestWork += QUEUE_WORK;
        CompletableFuture<QueueStatus> declared = wanted.name().isEmpty()
                ? serial.change(() -> queues.declare(wanted, session))
                : serial.change(wanted.name(), () -> queues.declare(wanted, session));
        return wanted.exclusive()
                ? declared.thenApply(status -> {
                    deletions.declared(session, status.name());
                    return status;
                })
                : declared;
    }

    @Override
    public CompletableFuture<QueueStatus> checkQueue(String queue, Session session) {
        return request(queue, () -> queues.check(queue, session));
    }

    @Override
    public CompletableFuture<Long> deleteQueue(String queue, Session session, boolean ifUnused,
            boolean ifEmpty) {
        requestWork += QUEUE_WORK;
        return serial.change(queue, () -> queues.delete(queue, session, ifUnused, ifEmpty));
    }

    @Override
    public CompletableFuture<Long> purgeQueue(String queue, Session session) {
        return request(queue, () -> {
            AnyQueue found = queues.mine(queue, session);
            return found.purge().handle((count, failure) -> {
                if (found.quarantine().isPresent()) {
                    throw found.outOfUse();
                }
                if (failure != null) {
                    throw new CompletionException(failure);
                }
                return count;
            });
        });
    }

    @Override
    public CompletableFuture<Void> reopenQueue(String queue) {
        TopicStreams streams = shown;
        if (streams != null && streams.shows(queue)) {
            return serial.change(() -> {
                streams.reopen(queue);
                return CompletableFuture.completedFuture(null);
            });
        }
        if (deduplication.has(queue)) {
            return serial.change(() -> deduplication.reopen(queue));
        }
        if (queue.equals(jobHost.quarantineName())) {
            return serial.change(() -> jobHost.reopen());
        }
        return queue.equals(delays.name())
                ? serial.change(() -> delays.reopen().thenRun(() -> quarantines.remove(queue)))
                : serial.request(queue, () -> queues.reopen(queue));
    }

    @Override
    public List<Quarantine> quarantined() {
        return quarantines.all();
    }

    /**
     * Quarantines a queue; one that failed only with another part of an atomic step is sound, and
     * is reopened from its logs at once.
     */
    @Override
    public void failed(AnyQueue queue, Throwable cause, boolean own) {
        if (turn.isDead() || ends.isOver()) {
            return;
        }
        reopenIf(queue.quarantine(quarantines.add(queue.name(), cause)) && !own, queue.name());
    }

    private void reopenIf(boolean sound, String queue) {
        if (!sound || turn.isDead() || ends.isOver()) {
            return;
        }
        owner.execute(() -> {
            var _ = reopenQueue(queue).whenComplete((_, failure) -> {
                if (failure != null) {
                    LOG.error("QUE-002 queue '{}' in vhost '{}' could not be opened anew", queue,
                            name, failure);
                }
            });
        });
    }

    @Override
    public CompletableFuture<Void> bind(Binding binding, Session session) {
        return change(() -> bindings.bind(binding, session))
                .thenCompose(BindingChanges.Bound::history);
    }

    @Override
    public CompletableFuture<Void> unbind(Binding binding, Session session) {
        return change(() -> bindings.unbind(binding, session));
    }

    @Override
    public Policies policies() {
        return policies;
    }

    @Override
    public Inventory inventory() {
        return new LiveInventory(topology, policies, traffic);
    }

    @Override
    public Inspection inspection() {
        return new Inspection(topology);
    }

    @Override
    public PendingMessages pending() {
        return delays;
    }

    @Override
    public Jobs jobs() {
        return jobHost.jobs();
    }

    /** As {@link LiveVirtualHosts#stopping}. */
    void stopping() {
        jobHost.jobs().stopping();
    }

    @Override
    public Publisher publisher(ConfirmListener listener) {
        return new LivePublisher(routing, turn, steps, listener);
    }

    @Override
    public CompletableFuture<Subscription> consume(String queue, ConsumerOptions options,
            Consumer consumer) {
        return request(queue, () -> {
            Subscription subscribed = queues.consume(queue, options, consumer);
            topology.queue(queue).ifPresent(found -> timeouts.consumed(found, options));
            return CompletableFuture.completedFuture(subscribed);
        });
    }

    @Override
    public CompletableFuture<Void> get(String queue, Session session, Optional<GetHolder> holder,
            Getter getter) {
        requestWork += REQUEST_WORK;
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            AnyQueue found = queues.mine(queue, session);
            Told told = new Told(getter);
            found.get(holder.orElse(null), told, () -> {
                if (told.isTold()) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(found.outOfUse());
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    @Override
    public CompletableFuture<Void> commit(Commit commit) {
        LongCommit collected = new LongCommit(commit, routing, clock, commits);
        CompletableFuture<Void> collecting = collect(collected);
        var _ = collecting.exceptionally(_ -> {
            collected.end();
            return null;
        });
        return collecting.thenCompose(_ -> {
            try {
                return turn.alone(collected::store);
            } finally {
                collected.end();
            }
        });
    }

    /** Collects a transaction in steps; while it waits for room, it takes none. */
    private CompletableFuture<Void> collect(LongCommit collected) {
        return steps.work(collected).thenCompose(_ -> collected.isCollected()
                ? CompletableFuture.completedFuture(null)
                : collected.again().thenComposeAsync(_ -> collect(collected), owner));
    }

    @Override
    public CompletableFuture<Void> atomically(Runnable body) {
        return turn.alone(body);
    }

    @Override
    public long work() {
        return routing.cost() + requestWork;
    }

    @Override
    public void inTurn(Runnable body) {
        steps.add(budget -> {
            long before = work();
            body.run();
            budget.spend((int) Math.min(work() - before, Budget.MAX_COUNT), 0);
        });
    }

    @Override
    public void closed(Session session) {
        session.end();
        deletions.ended(session);
    }

    @Override
    public void unused(Queue queue) {
        if (queue.declaration().autoDelete()) {
            deletions.unused(queue);
        }
    }

    @Override
    public void holding(Queue queue, Holding holding) {
        timeouts.held(queue, holding);
    }

    @Override
    public void expired(Queue queue) {
        deletions.expired(queue);
    }

    @Override
    public void reopened(AnyQueue queue) {
        jobHost.reopened(queue);
    }

    @Override
    public boolean deadLetter(Queue queue, StoredMessage message, Letter letter, boolean mayPart,
            Runnable answered) {
        boolean[] gone = new boolean[1];
        turn.move(queue.settlements(),
                () -> gone[0] = deadLetters.send(queue, message, letter, mayPart, answered));
        return gone[0];
    }
}
