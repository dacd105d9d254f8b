package io.taffrail.net;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link MemoryBudget} that one connection has charged. Charges are made on the
 * connection's event loop; releases may come from any thread.
 */
public final class MemoryShare implements AutoCloseable {

    /** A waiting charge, and the action to run once it has been made. */
    record Wish(long bytes, Runnable granted) {}

    private final MemoryBudget budget;
    final AtomicLong heldBytes = new AtomicLong();
    /** Guarded by the budget's lock. */
    @Nullable
    Wish wish;
    /** True for the one share that has overdrawn its half. Written under the budget's lock. */
    volatile boolean overdrawn;
    /**
     * True once the request for which it overdrew has arrived in full. Guarded by
     * the budget's lock.
     */
    boolean requestWhole;
    /** Written under the budget's lock. */
    volatile boolean stopped;
    private volatile boolean closed;

    MemoryShare(MemoryBudget budget) {
        this.budget = budget;
    }

    /** The budget that this is a share of. */
    public MemoryBudget budget() {
        return budget;
    }

    /**
     * Charges received bytes if there is room and no other share waits for it. Returns false, with
     * nothing charged, otherwise or if the share is stopped.
     */
    public boolean tryCharge(long bytes) {
        return !stopped && budget.tryCharge(this, bytes);
    }

    /**
     * Charges as {@link #tryCharge} does; if that fails, the share waits in line. {@code granted}
     * then runs once, on any thread, when the bytes have been charged; it does not run if the share
     * is stopped before. At most one charge of a share may wait.
     *
     * @return true if the bytes were charged at once
     * @throws IllegalStateException
     *             if a charge of this share already waits
     */
    public boolean charge(long bytes, Runnable granted) {
        return !stopped && budget.charge(this, new Wish(bytes, granted));
    }

    /** Releases bytes that were charged and are no longer held. Any thread. */
    public void release(long bytes) {
        if (!closed && bytes > 0) {
            budget.release(this, bytes);
        }
    }

    /**
     * Marks that a whole request has arrived. If the share has overdrawn the budget for it, the
     * overdraft must be released before the share may overdraw again.
     */
    public void requestWhole() {
        budget.requestWhole(this);
    }

    /** Whether {@link #close} has begun to release everything. */
    boolean isClosed() {
        return closed;
    }

    /** Bytes charged and not yet released. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /**
     * Stops the share, because the connection has ended: it is charged no more and waits no longer.
     * Holders of charged bytes must still release them.
     */
    public void stop() {
        budget.stop(this);
    }

    /** Stops the share and releases everything it has charged; later releases have no effect. */
    @Override
    public void close() {
        stop();
        closed = true;
        budget.release(this, heldBytes.get());
    }
}
