package io.taffrail.kafka.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The bounds all connections share: bytes received and not yet handled, and bytes appended and not
 * yet durable. A connection that meets one waits here while the others go on. Safe for any thread.
 */
public final class Backpressure {

    private final long maxQueuedBytes;
    private final long maxUnforcedBytes;
    private final LongSupplier unforcedBytes;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong onTheirWayBytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Sets the bounds.
     *
     * @param unforcedBytes
     *            bytes appended and not yet durable now
     */
    public Backpressure(long maxQueuedBytes, long maxUnforcedBytes, LongSupplier unforcedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
        this.maxUnforcedBytes = maxUnforcedBytes;
        this.unforcedBytes = unforcedBytes;
    }

    /**
     * Takes room for a request; one is always given when there is no other, whatever its size.
     */
    boolean reserve(int bytes) {
        long before = queuedBytes.getAndAdd(bytes);
        if (before == 0 || before + bytes <= maxQueuedBytes) {
            return true;
        }
        release(bytes);
        return false;
    }

    /** Gives room back, which may let others go on. */
    void release(int bytes) {
        queuedBytes.addAndGet(-bytes);
        wake();
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

    /** Ends what {@link #handOver} began, and gives the request's room back. */
    void taken(int bytes) {
        onTheirWayBytes.addAndGet(-bytes);
        release(bytes);
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Has {@code retry} run, on any thread, when there may be room; the caller checks again. */
    void await(Runnable retry) {
        waiting.add(retry);
    }

    /** Lets those that wait look again. */
    void wake() {
        if (waiting.isEmpty()) {
            return;
        }
        for (int left = waiting.size(); left > 0; left--) {
            Runnable retry = waiting.poll();
            if (retry == null) {
                return;
            }
            retry.run();
        }
    }
}
