package io.taffrail.net;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sockets that clients of all heads may have together, whatever the limits of each head: what the
 * process may open beside the files that it needs itself. Without it a stranger who only connects
 * would take the broker the files that it stores in. Safe for any thread.
 */
public final class SocketAllowance {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * An allowance of which nothing is taken.
     *
     * @param most
     *            sockets at once, at least 1
     */
    public SocketAllowance(int most) {
        this.most = Math.max(1, most);
    }

    /** For a process that may open as many files as it likes. */
    public static SocketAllowance unlimited() {
        return new SocketAllowance(Integer.MAX_VALUE);
    }

    /** Sockets at once. */
    public int most() {
        return most;
    }

    /** Takes one, which {@link #release} gives back; false if there is none. */
    boolean take() {
        return taken.getAndUpdate(count -> count < most ? count + 1 : count) < most;
    }

    void release() {
        taken.decrementAndGet();
    }
}
