package io.taffrail.log.spi;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A small, durable, ordered key-value store for metadata of logs: topics, settings, leases.
 * A value has at most 1 MiB. Every method may be called from any thread.
 * The local engine keeps the store in a log of its own.
 */
public interface MetaStore {

    /**
     * A stored value.
     *
     * @param value
     *            the bytes; must not be changed
     * @param version
     *            1 for a new key, increased by one with each change of the key
     */
    record Versioned(byte[] value, long version) {}

    /**
     * One change of {@link #apply}. {@code expectedVersion} is the version that the key must have;
     * 0 means that the key must not exist.
     */
    sealed interface Change {
        String key();

        long expectedVersion();

        record Put(String key, long expectedVersion, byte[] value) implements Change {}

        record Delete(String key, long expectedVersion) implements Change {}
    }

    /**
     * A listener for durable changes. The store calls it on one of its own threads,
     * in the order of the changes. A watcher that throws is logged, and is told of later changes;
     * neither other watchers nor the result of the change are affected.
     */
    interface Watcher {
        void changed(String key, Optional<Versioned> now);
    }

    /** Returns the latest durable value of {@code key}. */
    Optional<Versioned> get(String key);

    /** Returns all keys that start with {@code prefix}, in ascending order, with their values. */
    NavigableMap<String, Versioned> children(String prefix);

    /**
     * Applies all changes or none. Each key may occur once.
     *
     * @return true once the changes are durable, false if an expected version did not match;
     *         fails with {@link io.taffrail.log.LogFailedException} if the store has failed
     * @throws IllegalArgumentException
     *             if a key occurs twice or a value is larger than 1 MiB
     */
    CompletableFuture<Boolean> apply(Iterable<? extends Change> changes);

    /**
     * Acquires the lease {@code name} with an epoch above every earlier one; the first epoch is 0.
     */
    CompletableFuture<Lease> acquire(String name);

    /**
     * Calls {@code watcher} for changes of keys that start with {@code prefix},
     * until the registration is closed.
     */
    Registration watch(String prefix, Watcher watcher);
}
