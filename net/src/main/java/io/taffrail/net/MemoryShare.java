package io.taffrail.net;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one connection holds of a {@link MemoryBudget}. Charges come from the connection's loop;
 * releases from whoever held the bytes, on any thread.
 */
public final class MemoryShare implements AutoCloseable {

    /** A charge that waits, and what is run when it has been made. */
    record Wish(long bytes, Runnable granted) {}

    private final MemoryBudget budget;
    final AtomicLong heldBytes = new AtomicLong();
    /** Guarded by the budget's lock. */
    @Nullable
    Wish wish;
    /** It is the one of its half that has overdrawn. Written with the budget's lock. */
    volatile boolean overdrawn;
    /** What it overdrew the budget for has arrived. Guarded by the budget's lock. */
    boolean requestWhole;
    /** Written with the budget's lock. */
    volatile boolean stopped;
    private volatile boolean closed;

    MemoryShare(MemoryBudget budget) {
        this.budget = budget;
    }

    /** The budget it is of. */
    public MemoryBudget budget() {
        return budget;
    }

    /** Charges bytes that have arrived, if there is room and nobody waits for it. */
    public boolean tryCharge(long bytes) {
        return !stopped && budget.tryCharge(this, bytes);
    }

    /**
     * As {@link #tryCharge}; where that fails the connection waits in line, and {@code granted} is
     * run once, on any thread, when the bytes have been charged. Not run if the share is stopped
     * before. One charge at a time may wait.
     *
     * @return whether they were charged at once
     */
    public boolean charge(long bytes, Runnable granted) {
        return !stopped && budget.charge(this, new Wish(bytes, granted));
    }

    /** Gives back bytes that were charged and are no longer held. */
    public void release(long bytes) {
        if (!closed && bytes > 0) {
            budget.release(this, bytes);
        }
    }

    /**
     * A whole request has arrived; what it may have overdrawn the budget by must be released before
     * the connection may do so again.
     */
    public void requestWhole() {
        budget.requestWhole(this);
    }

    /** Bytes charged and not released. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /**
     * Takes no more and no longer waits: the connection has ended. What is held is still to be
     * released by its holders.
     */
    public void stop() {
        budget.stop(this);
    }

    /** As {@link #stop}, and gives back everything; releases that come later do nothing. */
    @Override
    public void close() {
        stop();
        closed = true;
        budget.release(this, heldBytes.get());
    }
}
