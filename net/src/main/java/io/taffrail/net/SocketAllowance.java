package io.taffrail.net;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limit of client sockets over all heads, besides the limits of each head. It leaves the
 * process the open files that it needs for storage: without it, connections alone could exhaust
 * them. Thread-safe.
 */
public final class SocketAllowance {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * Creates an allowance with no socket taken.
     *
     * @param most
     *            sockets at the same time, at least 1
     */
    public SocketAllowance(int most) {
        this.most = Math.max(1, most);
    }

    /** Returns an allowance for a process without a limit of open files. */
    public static SocketAllowance unlimited() {
        return new SocketAllowance(Integer.MAX_VALUE);
    }

    /** Largest number of sockets at the same time. */
    public int most() {
        return most;
    }

    /** Takes a socket from the allowance; {@link #release} returns it. False if none is left. */
    boolean take() {
        return taken.getAndUpdate(count -> count < most ? count + 1 : count) < most;
    }

    void release() {
        int left = taken.decrementAndGet();
        assert left >= 0 : "a socket returned twice";
    }
}
