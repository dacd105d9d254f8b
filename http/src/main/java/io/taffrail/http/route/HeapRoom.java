package io.taffrail.http.route;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the heap that large requests take at the same time. A request takes its share before it is
 * worked on, and waits in line while others have it; one that would need more than there is takes
 * all, and runs alone. Small requests take nothing. Safe for any thread.
 */
public final class HeapRoom {

    private static final int PARTS_OF_HEAP = 4;
    private static final int UNIT_BYTES = 1 << 10;
    /** Requests that need less are bounded by their number. */
    private static final long SMALL_BYTES = 512 << 10;

    private final int units;
    private final Semaphore free;

    /**
     * @param bytes
     *            that all requests may take together
     */
    public HeapRoom(long bytes) {
        this.units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /** A quarter of the heap. */
    public static HeapRoom ofHeap() {
        return new HeapRoom(shareBytes());
    }

    /** Bytes in a quarter of the heap: the most that one request may take. */
    public static long shareBytes() {
        return Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP;
    }

    /** Waits for room; returns what has to be {@linkplain #give given back}. */
    public int take(long bytes) {
        int taken = units(bytes);
        if (taken > 0) {
            // A fair semaphore would queue an acquisition of nothing as well.
            free.acquireUninterruptibly(taken);
        }
        return taken;
    }

    private int units(long bytes) {
        return bytes < SMALL_BYTES ? 0 : (int) Math.min(units, bytes / UNIT_BYTES);
    }

    /**
     * As {@link #take}, but waits for a limited time.
     *
     * @throws HttpProblem
     *             503 if others have the room for too long
     */
    public int take(long bytes, Duration most) {
        int wanted = units(bytes);
        try {
            if (wanted == 0 || free.tryAcquire(wanted, most.toMillis(), TimeUnit.MILLISECONDS)) {
                return wanted;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "unavailable", "the broker stops");
        }
        throw new HttpProblem(503, "unavailable",
                "too many large requests at the same time");
    }

    /** Gives back the part of what was taken that is more than these bytes; returns the rest. */
    public int keep(int taken, long bytes) {
        int kept = Math.min(taken, units(bytes));
        free.release(taken - kept);
        return kept;
    }

    /** Gives back what {@link #take} has returned. */
    public void give(int taken) {
        free.release(taken);
    }
}
