package io.taffrail.log.spi;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A small, durable, ordered key-value store for what describes logs (topics, settings, leases).
 * Values are at most
 * 1 MiB. Safe for any thread. The local engine keeps it as a log.
 */
public interface MetaStore {

    /**
     * A stored value.
     *
     * @param value
     *            the bytes; not to be changed
     * @param version
     *            grows by one with each change of the key, from 1
     */
    record Versioned(byte[] value, long version) {}

    /**
     * One change of a {@link #apply transaction}: {@code expectedVersion} 0 means "must not exist".
     */
    sealed interface Change {
        String key();

        long expectedVersion();

        record Put(String key, long expectedVersion, byte[] value) implements Change {}

        record Delete(String key, long expectedVersion) implements Change {}
    }

    /** Called after a change is durable, in the order of the changes, on a thread of the store. */
    interface Watcher {
        void changed(String key, Optional<Versioned> now);
    }

    /** The latest durable value. */
    Optional<Versioned> get(String key);

    /** All keys that start with {@code prefix}, in order, with their values. */
    NavigableMap<String, Versioned> children(String prefix);

    /**
     * Applies all changes or none. Completes with {@code true} once they are durable, with
     * {@code false} if an
     * expected version did not match; fails with {@link io.taffrail.log.LogFailedException} if the
     * store failed.
     */
    CompletableFuture<Boolean> apply(Iterable<? extends Change> changes);

    /** Takes the lease, with an epoch above any it ever had. */
    CompletableFuture<Lease> acquire(String name);

    /** Watches keys that start with {@code prefix} until the result is closed. */
    Registration watch(String prefix, Watcher watcher);
}
