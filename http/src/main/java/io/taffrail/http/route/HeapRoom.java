package io.taffrail.http.route;

import java.util.concurrent.Semaphore;

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
        if (bytes < SMALL_BYTES) {
            return 0;
        }
        int taken = (int) Math.min(units, bytes / UNIT_BYTES);
        free.acquireUninterruptibly(taken);
        return taken;
    }

    /** Gives back what {@link #take} has returned. */
    public void give(int taken) {
        free.release(taken);
    }
}
