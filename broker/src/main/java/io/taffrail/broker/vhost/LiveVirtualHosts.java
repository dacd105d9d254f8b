package io.taffrail.broker.vhost;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The virtual hosts over one engine. */
public final class LiveVirtualHosts implements VirtualHosts, AutoCloseable {

    /** The host that is always there. */
    static final String DEFAULT = "/";

    private final Map<String, LiveVirtualHost> hosts = new ConcurrentHashMap<>();

    private LiveVirtualHosts() {}

    /**
     * Opens every virtual host and its queues; blocks until they are open, so it must not be called
     * on an owner's thread. What was transient is gone, with its logs.
     *
     * @param timers
     *            of an owner
     * @param newId
     *            random names of 22 characters of base64url
     */
    public static LiveVirtualHosts open(LogEngine engine, Lease lease, List<Owner> owners,
            InstantSource clock, Function<Owner, Timers> timers, Supplier<String> newId) {
        return open(engine, lease, owners, clock, timers, newId, null);
    }

    /**
     * As the other, with queues shown as topics and topics as streams.
     *
     * @param hosting
     *            the topics, or null for a world of queues alone
     */
    public static LiveVirtualHosts open(LogEngine engine, Lease lease, List<Owner> owners,
            InstantSource clock, Function<Owner, Timers> timers, Supplier<String> newId,
            @Nullable TopicHosting hosting) {
        return opening(engine, lease, owners, clock, timers, newId, hosting).join();
    }

    /** As {@link #open}, without waiting; completes on an owner's thread. */
    public static CompletableFuture<LiveVirtualHosts> opening(LogEngine engine, Lease lease,
            List<Owner> owners, InstantSource clock, Function<Owner, Timers> timers,
            Supplier<String> newId, @Nullable TopicHosting hosting) {
        LiveVirtualHosts opened = new LiveVirtualHosts();
        Owner owner = owners.getFirst();
        LiveVirtualHost host = new LiveVirtualHost(DEFAULT, engine, lease, owner, clock,
                timers.apply(owner), newId);
        opened.hosts.put(host.name(), host);
        opened.dropOrphans(engine);
        List<CompletableFuture<Void>> loading = new ArrayList<>();
        for (LiveVirtualHost each : opened.hosts.values()) {
            CompletableFuture<Void> loaded = new CompletableFuture<>();
            loading.add(loaded);
            each.owner().execute(() -> {
                var _ = each.load(hosting).whenComplete((_, failure) -> {
                    if (failure == null) {
                        loaded.complete(null);
                    } else {
                        loaded.completeExceptionally(failure);
                    }
                });
            });
        }
        return CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new))
                .thenApply(_ -> opened);
    }

    /**
     * Deletes logs of queues that are gone: transient ones, and those a crash left half deleted.
     */
    private void dropOrphans(LogEngine engine) {
        Set<String> kept = new HashSet<>();
        hosts.values().forEach(host -> host.storedIds().forEach(id -> {
            kept.add(QueueOpener.QUEUE + id);
            kept.add(QueueOpener.CURSOR + id);
        }));
        for (LogId log : engine.logs()) {
            boolean isQueues = log.value().startsWith(QueueOpener.QUEUE)
                    || log.value().startsWith(QueueOpener.CURSOR);
            if (isQueues && !kept.contains(log.value())) {
                QueueOpener.delete(engine, log);
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

    /** Stores what is under way and closes every log; not on an owner's thread. */
    @Override
    public void close() {
        closing().join();
    }

    /** As {@link #close}, without waiting. */
    public CompletableFuture<Void> closing() {
        return CompletableFuture.allOf(hosts.values().stream()
                .map(host -> CompletableFuture.runAsync(host::close, host.owner()))
                .toArray(CompletableFuture[]::new));
    }
}
