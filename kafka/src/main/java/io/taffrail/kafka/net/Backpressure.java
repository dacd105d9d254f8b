package io.taffrail.kafka.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The bound on what is appended and not yet durable, over all connections. A connection that meets
 * it waits here, once, while the others go on. Safe for any thread.
 */
public final class Backpressure {

    /** A connection that waits. */
    interface Waiter {
        /** Storage may be open again; on any thread. */
        void storageMayBeOpen();
    }

    private final long maxUnforcedBytes;
    private final LongSupplier unforcedBytes;
    private final AtomicLong onTheirWayBytes = new AtomicLong();
    /** In the order in which they came. Guarded by itself. */
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private volatile boolean awaited;

    /**
     * Sets the bound.
     *
     * @param unforcedBytes
     *            bytes appended and not yet durable now
     */
    public Backpressure(long maxUnforcedBytes, LongSupplier unforcedBytes) {
        this.maxUnforcedBytes = maxUnforcedBytes;
        this.unforcedBytes = unforcedBytes;
    }

    /** Whether a further produce request may be handled. */
    boolean storageOpen() {
        return onTheirWayBytes.get() + unforcedBytes.getAsLong() <= maxUnforcedBytes;
    }

    /**
     * A produce request begins its way to the logs' owners; until then the engine cannot count it.
     */
    void handOver(int bytes) {
        onTheirWayBytes.addAndGet(bytes);
    }

    /** Ends what {@link #handOver} began. */
    void taken(int bytes) {
        onTheirWayBytes.addAndGet(-bytes);
        wake();
    }

    /**
     * Tells {@code waiter} once when there may be room; it checks again. It waits once, however
     * often
     * it asks.
     */
    void await(Waiter waiter) {
        synchronized (waiting) {
            waiting.add(waiter);
            awaited = true;
        }
    }

    /** Waits no longer. */
    void leave(Waiter waiter) {
        synchronized (waiting) {
            waiting.remove(waiter);
        }
    }

    /** Those that wait. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Lets those that wait look again. */
    void wake() {
        if (!awaited) {
            return;
        }
        List<Waiter> woken;
        synchronized (waiting) {
            woken = new ArrayList<>(waiting);
            waiting.clear();
            awaited = false;
        }
        woken.forEach(Waiter::storageMayBeOpen);
    }
}
