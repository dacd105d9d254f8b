package io.taffrail.log.memory;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Registration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A metadata store in a sorted map. Every change is durable at once. Watchers are called
 * before {@code apply} returns, on the thread that made the change or on another thread
 * that is already calling watchers.
 */
final class MemoryMetaStore implements MetaStore {

    private static final int MAX_VALUE_BYTES = 1 << 20;

    private record Watch(String prefix, Watcher watcher) {}

    private record Event(String key, Optional<Versioned> now) {}

    private final TreeMap<String, Versioned> values = new TreeMap<>();
    private final Map<String, Integer> leases = new HashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Queue<Event> events = new ArrayDeque<>();
    private boolean dispatching;

    /** Returns a store with the same values and leases, and no watchers. */
    synchronized MemoryMetaStore copy() {
        MemoryMetaStore copy = new MemoryMetaStore();
        copy.values.putAll(values);
        copy.leases.putAll(leases);
        return copy;
    }

    @Override
    public synchronized Optional<Versioned> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized NavigableMap<String, Versioned> children(String prefix) {
        TreeMap<String, Versioned> found = new TreeMap<>();
        for (Map.Entry<String, Versioned> entry : values.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            found.put(entry.getKey(), entry.getValue());
        }
        return Collections.unmodifiableNavigableMap(found);
    }

    @Override
    public CompletableFuture<Boolean> apply(Iterable<? extends Change> changes) {
        List<Change> all = new ArrayList<>();
        changes.forEach(all::add);
        synchronized (this) {
            if (!matches(all)) {
                return CompletableFuture.completedFuture(false);
            }
            for (Change change : all) {
                events.add(new Event(change.key(), store(change)));
            }
        }
        dispatch();
        return CompletableFuture.completedFuture(true);
    }

    private boolean matches(List<Change> changes) {
        Set<String> keys = new HashSet<>();
        for (Change change : changes) {
            if (!keys.add(change.key())) {
                throw new IllegalArgumentException("two changes of key '" + change.key() + "'");
            }
            if (change instanceof Change.Put put && put.value().length > MAX_VALUE_BYTES) {
                throw new IllegalArgumentException("value of '" + put.key() + "' has "
                        + put.value().length + " bytes, at most " + MAX_VALUE_BYTES
                        + " are allowed");
            }
            Versioned present = values.get(change.key());
            if ((present == null ? 0 : present.version()) != change.expectedVersion()) {
                return false;
            }
        }
        return true;
    }

    private Optional<Versioned> store(Change change) {
        return switch (change) {
            case Change.Put put -> {
                Versioned now = new Versioned(put.value().clone(), put.expectedVersion() + 1);
                values.put(put.key(), now);
                yield Optional.of(now);
            }
            case Change.Delete delete -> {
                values.remove(delete.key());
                yield Optional.empty();
            }
        };
    }

    private void dispatch() {
        while (true) {
            Event event;
            synchronized (this) {
                if (dispatching || events.isEmpty()) {
                    return;
                }
                dispatching = true;
                event = events.remove();
            }
            try {
                for (Watch watch : watches) {
                    if (event.key().startsWith(watch.prefix())) {
                        Guard.run("MET-001", "a watcher of the metadata " + watch.prefix(),
                                () -> watch.watcher().changed(event.key(), event.now()));
                    }
                }
            } finally {
                synchronized (this) {
                    dispatching = false;
                }
            }
        }
    }

    @Override
    public synchronized CompletableFuture<Lease> acquire(String name) {
        return CompletableFuture.completedFuture(
                new Lease(name, leases.merge(name, 0, (epoch, none) -> epoch + 1)));
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        Watch watch = new Watch(prefix, watcher);
        watches.add(watch);
        return () -> watches.remove(watch);
    }
}
