package io.taffrail.log.spi;

/**
 * An aborted transaction of one producer (KIP-98). Readers of committed records drop the producer's
 * records between the two offsets.
 *
 * @param producerId
 *            id of the producer
 * @param firstOffset
 *            offset of the transaction's first record
 * @param lastOffset
 *            offset of the transaction's abort marker
 * @param lastStableOffset
 *            the log's last stable offset when the marker was stored
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset,
        long lastStableOffset) {}
