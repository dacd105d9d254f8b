package io.taffrail.broker.limit;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.limit.LimitKind.Subject;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits of virtual hosts and users, {@code vhost_limit/<name>/<limit>} and
 * {@code user_limit/<name>/<limit>} in the metadata store. A limit is in effect when it is durable;
 * what exists beyond a new limit stays. A negative limit is none.
 */
public final class ObjectLimits implements LimitSource {

    /** Most limits of all objects together. */
    private static final int MAX_LIMITS = 100_000;

    private record Key(LimitKind kind, String name) {}

    private final MetaStore store;
    private final Map<Key, Long> limits = new ConcurrentHashMap<>();

    /** Reads the stored limits. */
    public ObjectLimits(MetaStore store) {
        this.store = store;
        for (Subject subject : Subject.values()) {
            store.children(subject.prefix()).forEach((key, value) -> {
                String[] parts = key.substring(subject.prefix().length()).split("/", 2);
                LimitKind.find(subject, parts[1]).ifPresent(kind -> limits.put(
                        new Key(kind, URLDecoder.decode(parts[0], StandardCharsets.UTF_8)),
                        Long.parseLong(new String(value.value(), StandardCharsets.US_ASCII))));
            });
        }
    }

    private static String storeKey(LimitKind kind, String name) {
        return kind.subject().prefix() + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/"
                + kind.text();
    }

    @Override
    public OptionalLong of(LimitKind kind, String name) {
        Long limit = limits.get(new Key(kind, name));
        return limit == null || limit < 0 ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    /** All limits of the objects of a kind, by the name of the object and of the limit. */
    public Map<String, Map<String, Long>> all(Subject subject) {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        limits.forEach((key, value) -> {
            if (key.kind().subject() == subject) {
                all.computeIfAbsent(key.name(), _ -> new TreeMap<>()).put(key.kind().text(),
                        value);
            }
        });
        return all;
    }

    /**
     * Sets a limit; completes when it is durable. Fails with
     * {@link BrokerError#OBJECT_LIMIT_REACHED} if there are too many limits.
     */
    public CompletableFuture<Void> set(LimitKind kind, String name, long limit) {
        Key key = new Key(kind, name);
        if (limits.size() >= MAX_LIMITS && !limits.containsKey(key)) {
            return CompletableFuture.failedFuture(new BrokerException(
                    BrokerError.OBJECT_LIMIT_REACHED,
                    "there are " + MAX_LIMITS + " limits of virtual hosts and users"));
        }
        String stored = storeKey(kind, name);
        byte[] value = Long.toString(limit).getBytes(StandardCharsets.US_ASCII);
        long version = store.get(stored).map(Versioned::version).orElse(0L);
        return store.apply(List.of(new Change.Put(stored, version, value))).thenCompose(done -> {
            if (!done) {
                return set(kind, name, limit);
            }
            limits.put(key, limit);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Removes a limit, if there is one; completes when that is durable. */
    public CompletableFuture<Void> clear(LimitKind kind, String name) {
        String stored = storeKey(kind, name);
        Optional<Versioned> now = store.get(stored);
        if (now.isEmpty()) {
            limits.remove(new Key(kind, name));
            return CompletableFuture.completedFuture(null);
        }
        return store.apply(List.of(new Change.Delete(stored, now.get().version())))
                .thenCompose(done -> {
                    if (!done) {
                        return clear(kind, name);
                    }
                    limits.remove(new Key(kind, name));
                    return CompletableFuture.completedFuture(null);
                });
    }

    /** Removes all limits of an object that is deleted; completes when that is durable. */
    public CompletableFuture<Void> clear(Subject subject, String name) {
        List<CompletableFuture<Void>> cleared = new ArrayList<>();
        for (LimitKind kind : LimitKind.values()) {
            if (kind.subject() == subject) {
                cleared.add(clear(kind, name));
            }
        }
        return CompletableFuture.allOf(cleared.toArray(CompletableFuture[]::new));
    }
}
