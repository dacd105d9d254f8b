package io.taffrail.kafka.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limit on bytes that are being appended or are not yet durable, over all connections. A connection
 * that reaches the limit waits here until storage may be open again; other connections go on. Safe
 * for any thread.
 */
public final class Backpressure {

    /** A connection that waits for storage. */
    interface Waiter {
        /** Called when storage may be open again; on any thread. */
        void storageMayBeOpen();
    }

    private final long maxUnforcedBytes;
    private final LongSupplier unforcedBytes;
    private final AtomicLong onTheirWayBytes = new AtomicLong();
    /** Waiting connections in order of arrival. Guarded by itself. */
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private volatile boolean awaited;

    /**
     * Sets the limit.
     *
     * @param unforcedBytes
     *            returns the bytes that are appended and not yet durable
     */
    public Backpressure(long maxUnforcedBytes, LongSupplier unforcedBytes) {
        this.maxUnforcedBytes = maxUnforcedBytes;
        this.unforcedBytes = unforcedBytes;
    }

    /** Whether another produce request may start. */
    boolean storageOpen() {
        return onTheirWayBytes.get() + unforcedBytes.getAsLong() <= maxUnforcedBytes;
    }

    /**
     * Counts a produce request that is handed to the owners of the logs. The engine cannot count
     * its bytes until {@link #taken} is called.
     */
    void handOver(int bytes) {
        onTheirWayBytes.addAndGet(bytes);
    }

    /** Ends the count that {@link #handOver} began, and wakes the waiting connections. */
    void taken(int bytes) {
        onTheirWayBytes.addAndGet(-bytes);
        wake();
    }

    /**
     * Registers {@code waiter} for one call when storage may be open; it must then check again. A
     * waiter that registers again before that call is still called once.
     */
    void await(Waiter waiter) {
        synchronized (waiting) {
            waiting.add(waiter);
            awaited = true;
        }
    }

    /** Removes a waiter. */
    void leave(Waiter waiter) {
        synchronized (waiting) {
            waiting.remove(waiter);
        }
    }

    /** Number of waiting connections. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Calls every waiter, which checks storage again. */
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
