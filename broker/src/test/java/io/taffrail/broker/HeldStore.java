package io.taffrail.broker;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Registration;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A metadata store that holds back or fails changes, as a test demands. */
public final class HeldStore implements MetaStore {

    private final MetaStore real;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean holds;
    private volatile Predicate<Change> fails = _ -> false;

    public HeldStore(MetaStore real) {
        this.real = real;
    }

    /** An engine like another, with this store. */
    public LogEngine in(LogEngine engine) {
        return (LogEngine) Proxy.newProxyInstance(LogEngine.class.getClassLoader(),
                new Class<?>[]{LogEngine.class}, (_, method, arguments) -> {
                    if (method.getName().equals("metaStore")) {
                        return this;
                    }
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Holds back changes from now on. */
    public synchronized void hold() {
        holds = true;
    }

    /** Makes all changes that were held back, and those that they lead to. */
    public void release() {
        while (true) {
            Runnable next;
            synchronized (this) {
                next = held.poll();
                if (next == null) {
                    holds = false;
                    return;
                }
            }
            next.run();
        }
    }

    /** Fails changes that match, from now on. */
    public synchronized void fail(Predicate<Change> changes) {
        fails = changes;
    }

    private void apply(Iterable<? extends Change> changes, CompletableFuture<Boolean> done) {
        for (Change change : changes) {
            if (fails.test(change)) {
                done.completeExceptionally(new LogFailedException("not stored, as told"));
                return;
            }
        }
        done.complete(real.apply(changes).join());
    }

    @Override
    public CompletableFuture<Boolean> apply(Iterable<? extends Change> changes) {
        synchronized (this) {
            for (Change change : changes) {
                if (fails.test(change)) {
                    return CompletableFuture
                            .failedFuture(new LogFailedException("not stored, as told"));
                }
            }
            if (holds) {
                CompletableFuture<Boolean> done = new CompletableFuture<>();
                held.add(() -> apply(changes, done));
                return done;
            }
        }
        return real.apply(changes);
    }

    @Override
    public Optional<Versioned> get(String key) {
        return real.get(key);
    }

    @Override
    public NavigableMap<String, Versioned> children(String prefix) {
        return real.children(prefix);
    }

    @Override
    public CompletableFuture<Lease> acquire(String name) {
        return real.acquire(name);
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        return real.watch(prefix, watcher);
    }
}
