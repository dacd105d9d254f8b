package io.taffrail.log.state;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The number of producers that the logs of an engine remember together, and its limit. A client may
 * use a new producer id for each batch; without a limit the states of these producers would fill
 * the heap long before they expire. A log that adds a producer beyond the limit forgets the one of
 * its own that has not appended for longest (Redpanda: {@code max_concurrent_producer_ids}). A
 * forgotten producer may go on with any sequence, but a batch that it sends again is stored again.
 *
 * <p>
 * Safe for any thread.
 */
public final class ProducerSpace {

    /** Heap bytes of one producer: its state, four arrays, its key and its place in the map. */
    private static final int BYTES_PER_PRODUCER = 360;
    private static final int PARTS_OF_HEAP = 8;

    private final long limit;
    private final AtomicLong count = new AtomicLong();

    /**
     * Makes a space for so many producers.
     *
     * @param limit
     *            above which logs forget producers
     */
    public ProducerSpace(long limit) {
        this.limit = limit;
    }

    /** Returns a space without a limit. */
    public static ProducerSpace unlimited() {
        return new ProducerSpace(Long.MAX_VALUE);
    }

    /** Returns a space of an eighth of the heap. */
    public static ProducerSpace ofHeap() {
        return new ProducerSpace(
                Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP / BYTES_PER_PRODUCER);
    }

    /** Returns the number of producers that are remembered. */
    public long count() {
        return count.get();
    }

    /** Counts a producer; false if one is to be forgotten for it. */
    boolean add() {
        return count.incrementAndGet() <= limit;
    }

    void remove(long producers) {
        long left = count.addAndGet(-producers);
        assert left >= 0 : "producers forgotten twice: " + producers;
    }
}
