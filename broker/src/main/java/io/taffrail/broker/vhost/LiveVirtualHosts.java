package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.ReadRoom;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.user.Users;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The virtual hosts over one engine. Safe for any thread. */
public final class LiveVirtualHosts implements VirtualHosts, AutoCloseable {

    private static final int MAX_NAME_CHARS = 255;
    /** Default consumer time-out: 30 minutes, as in RabbitMQ. */
    private static final long CONSUMER_TIMEOUT_MS = 1_800_000;

    private final Map<String, LiveVirtualHost> hosts = new ConcurrentSkipListMap<>();
    private final LogEngine engine;
    private final Lease lease;
    private final List<Owner> owners;
    private final InstantSource clock;
    private final Function<Owner, Timers> timers;
    private final Supplier<String> newId;
    private final HostOptions options;
    private final HostNames names;
    private final Map<Owner, ReadRoom> reading = new HashMap<>();
    /** The last change under way; virtual hosts are created and deleted one after another. */
    private CompletableFuture<Void> lastChange = CompletableFuture.completedFuture(null);

    private LiveVirtualHosts(LogEngine engine, Lease lease, List<Owner> owners,
            InstantSource clock, Function<Owner, Timers> timers, Supplier<String> newId,
            HostOptions options) {
        this.engine = engine;
        this.lease = lease;
        this.owners = owners;
        this.clock = clock;
        this.timers = timers;
        this.newId = newId;
        this.options = options;
        this.names = new HostNames(engine.metaStore());
        owners.forEach(owner -> reading.put(owner, ReadRoom.ofHeap(owners.size())));
    }

    /**
     * Opens every virtual host and its queues. Blocks until they are open, so it must not be called
     * on an owner's thread. Logs of transient queues are deleted.
     *
     * @param timers
     *            gives the timers of an owner
     * @param newId
     *            gives random names: 22 characters of base64url
     */
    public static LiveVirtualHosts open(LogEngine engine, Lease lease, List<Owner> owners,
            InstantSource clock, Function<Owner, Timers> timers, Supplier<String> newId) {
        return open(engine, lease, owners, clock, timers, newId,
                new HostOptions(CONSUMER_TIMEOUT_MS, null, null, DefinitionSpace.ofHeap()));
    }

    /** As {@link #open(LogEngine, Lease, List, InstantSource, Function, Supplier)}. */
    public static LiveVirtualHosts open(LogEngine engine, Lease lease, List<Owner> owners,
            InstantSource clock, Function<Owner, Timers> timers, Supplier<String> newId,
            HostOptions options) {
        return opening(engine, lease, owners, clock, timers, newId, options).join();
    }

    /** As {@link #open}, without waiting; completes on an owner's thread. */
    public static CompletableFuture<LiveVirtualHosts> opening(LogEngine engine, Lease lease,
            List<Owner> owners, InstantSource clock, Function<Owner, Timers> timers,
            Supplier<String> newId, HostOptions options) {
        LiveVirtualHosts opened = new LiveVirtualHosts(engine, lease, owners, clock, timers,
                newId, options);
        CompletableFuture<Void> finished = opened.names.finishAll();
        return (finished.isDone()
                ? finished.thenCompose(_ -> opened.loadAll())
                : finished.thenComposeAsync(_ -> opened.loadAll(), owners.getFirst()))
                .thenApply(_ -> opened);
    }

    private CompletableFuture<Void> loadAll() {
        names.all().forEach((name, type) -> add(name).defaultQueueType(type));
        dropOrphans();
        return CompletableFuture.allOf(hosts.values().stream().map(this::load)
                .toArray(CompletableFuture[]::new));
    }

    /** Adds a host, on the owner that has the fewest hosts. */
    private LiveVirtualHost add(String name) {
        Map<Owner, Long> taken = hosts.values().stream()
                .collect(Collectors.groupingBy(VirtualHost::owner, Collectors.counting()));
        Owner owner = owners.stream()
                .min(Comparator.comparingLong(it -> taken.getOrDefault(it, 0L))).orElseThrow();
        LiveVirtualHost host = new LiveVirtualHost(name, engine, lease, owner, clock,
                timers.apply(owner), newId, options,
                Objects.requireNonNull(reading.get(owner)));
        hosts.put(name, host);
        return host;
    }

    private CompletableFuture<Void> load(LiveVirtualHost host) {
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        host.owner().execute(() -> {
            var _ = host.load(options.topics()).whenComplete((_, failure) -> {
                if (failure == null) {
                    loaded.complete(null);
                } else {
                    loaded.completeExceptionally(failure);
                }
            });
        });
        return loaded;
    }

    /**
     * Deletes logs without a queue: those of transient queues, and those half deleted at a crash.
     */
    private void dropOrphans() {
        Set<String> kept = new HashSet<>();
        hosts.values().forEach(host -> kept.addAll(host.storedLogs()));
        for (LogId log : engine.logs()) {
            boolean isQueues = log.value().startsWith(QueueOpener.QUEUE)
                    || log.value().startsWith(QueueOpener.CURSOR)
                    || log.value().startsWith(QueueOpener.MARKS);
            if (isQueues && !kept.contains(log.value())) {
                var _ = QueueOpener.delete(engine, log);
            }
        }
    }

    @Override
    public Optional<VirtualHost> find(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    @Override
    public Collection<VirtualHost> all() {
        return List.copyOf(hosts.values());
    }

    /** A queue of a virtual host. */
    public record QueueName(String virtualHost, String queue) {}

    /** The durable queue that a log of messages or of a cursor belongs to. */
    public Optional<QueueName> queueOf(LogId log) {
        return hosts.entrySet().stream()
                .flatMap(host -> host.getValue().queueOf(log)
                        .map(queue -> new QueueName(host.getKey(), queue)).stream())
                .findFirst();
    }

    @Override
    public CompletableFuture<Void> create(String name) {
        return create(name, Optional.empty());
    }

    @Override
    public CompletableFuture<Void> create(String name, Optional<QueueType> defaultQueueType) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            return CompletableFuture.failedFuture(new BrokerException(
                    BrokerError.INVALID_DEFINITION,
                    "a virtual host's name has 1 to " + MAX_NAME_CHARS + " characters"));
        }
        return change(() -> {
            LiveVirtualHost there = hosts.get(name);
            if (there == null) {
                options.definitions().check(DefinitionBytes.host(name),
                        "virtual host '" + name + "'");
                return names.finish(name)
                        .thenCompose(_ -> names.put(name, defaultQueueType))
                        .thenCompose(_ -> opened(name, defaultQueueType));
            }
            return defaultQueueType.isEmpty()
                    || there.defaultQueueType().equals(defaultQueueType)
                            ? CompletableFuture.completedFuture(null)
                            : names.put(name, defaultQueueType)
                                    .thenRun(() -> there.defaultQueueType(defaultQueueType));
        });
    }

    /** Opens a host that was stored; one that cannot be opened is removed again. */
    private CompletableFuture<Void> opened(String name, Optional<QueueType> defaultQueueType) {
        LiveVirtualHost host = add(name);
        host.defaultQueueType(defaultQueueType);
        return load(host).exceptionallyCompose(cause -> deleted(host)
                .handle((_, _) -> null)
                .thenCompose(_ -> CompletableFuture.failedFuture(cause)));
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return change(() -> {
            LiveVirtualHost host = hosts.get(name);
            if (host == null) {
                throw new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                        "no virtual host '" + name + "'");
            }
            return deleted(host)
                    .thenCompose(_ -> name.equals(HostNames.FIRST)
                            ? load(add(name))
                            : CompletableFuture.completedFuture(null));
        });
    }

    /**
     * Deletes a host with its logs and the permissions in it; one whose deletion is not stored
     * stays as it is.
     */
    private CompletableFuture<Void> deleted(LiveVirtualHost host) {
        String name = host.name();
        Set<String> changed = ConcurrentHashMap.newKeySet();
        return CompletableFuture.completedFuture(host)
                .thenComposeAsync(it -> it.delete(() -> remove(name)
                        .thenAccept(users -> {
                            changed.addAll(users);
                            hosts.remove(name);
                        })), host.owner())
                .thenCompose(logs -> names.finish(name).thenCompose(_ -> deleteLogs(logs)))
                .thenCompose(_ -> options.clearLimits(name))
                .thenCompose(_ -> tell(changed));
    }

    /** Removes a host from the store; completes with the users whose permissions went with it. */
    private CompletableFuture<Set<String>> remove(String name) {
        Users users = options.users();
        return users == null
                ? names.remove(name, List.of()).thenApply(_ -> Set.of())
                : users.withoutHost(name, changes -> names.remove(name, changes));
    }

    private CompletableFuture<Void> tell(Set<String> changed) {
        Users users = options.users();
        return users == null
                ? CompletableFuture.completedFuture(null)
                : users.tellPermissionsChanged(changed);
    }

    private CompletableFuture<Void> deleteLogs(Set<String> logs) {
        return CompletableFuture.allOf(logs.stream()
                .map(log -> QueueOpener.delete(engine, new LogId(log)))
                .toArray(CompletableFuture[]::new));
    }

    private synchronized CompletableFuture<Void> change(
            Supplier<CompletableFuture<Void>> change) {
        CompletableFuture<Void> done = lastChange.handle((_, _) -> change)
                .thenCompose(Supplier::get);
        lastChange = done;
        return done;
    }

    /**
     * Announces that clients are about to be disconnected because the broker stops: what they held
     * was not given up by them.
     */
    public void stopping() {
        hosts.values().forEach(host -> host.owner().execute(host::stopping));
    }

    /** Stores all open turns and closes every log. Must not be called on an owner's thread. */
    @Override
    public void close() {
        closing().join();
    }

    /** As {@link #close}, without waiting. */
    public CompletableFuture<Void> closing() {
        return CompletableFuture.allOf(hosts.values().stream()
                .map(LiveVirtualHosts::closing).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> closing(LiveVirtualHost host) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        host.owner().execute(() -> host.close(closed));
        return closed;
    }
}
