package io.taffrail.log.spi;

/**
 * A transaction that was rolled back: readers of committed data drop this producer's records
 * between the two offsets.
 *
 * @param firstOffset
 *            of its first record
 * @param lastOffset
 *            of its marker
 * @param lastStableOffset
 *            of the log when the marker was stored
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset,
        long lastStableOffset) {}
