package io.taffrail.kafka.produce;

import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;

/**
 * The budget of the heap for batches that are compressed anew: an eighth of the heap. Each request
 * opens one share, charges it before each conversion, and releases it when its batches have been
 * appended or refused. A request without room waits in line; the first one in line may overdraw the
 * budget, so requests that each hold a part of their batches cannot block each other. Thread-safe.
 */
public final class Conversions {

    private static final int PARTS_OF_HEAP = 8;
    /** A request may hold the budget twice, if it is the only one that overdraws. */
    private static final int LARGEST_FACTOR = 2;
    /** Bytes that a request may hold before it counts as large. */
    private static final int SHARE_BYTES = 1 << 20;

    private final MemoryBudget budget;

    /**
     * Creates a budget.
     *
     * @param bytes
     *            bytes of the heap that all conversions together may take
     */
    public Conversions(long bytes) {
        this.budget = new MemoryBudget(Math.max(bytes, 2L * MemoryBudget.FLOOR_BYTES), SHARE_BYTES,
                Integer.MAX_VALUE);
    }

    /** Creates the budget of this process. */
    public static Conversions ofHeap() {
        return new Conversions(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
    }

    /** Opens the share of one request. */
    MemoryShare open() {
        return budget.open();
    }

    /** Maximum number of bytes that one request may hold. */
    long largestBytes() {
        return LARGEST_FACTOR * budget.totalBytes();
    }

    /** Bytes charged at present. */
    public long chargedBytes() {
        return budget.chargedBytes();
    }
}
