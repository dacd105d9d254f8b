package io.taffrail.log.spi;

import io.taffrail.log.LogId;
import java.util.List;
import java.util.Optional;

/**
 * A log as readers see it: only what has reached its durability. Every method may be called from
 * any thread.
 */
public interface ReadableLog {

    /**
     * An offset with its record's timestamp.
     *
     * @param leaderEpoch
     *            of the batch that holds it
     */
    record TimedOffset(long offset, long timestampMs, int leaderEpoch) {}

    /**
     * An epoch and the first offset after it.
     *
     * @param endOffset
     *            first offset of the next epoch, or the durable end for the latest
     */
    record EpochEnd(int epoch, long endOffset) {}

    LogId id();

    /** First offset that may be read. */
    long startOffset();

    /** First offset that may not be read yet: everything below has reached the log's durability. */
    long durableEnd();

    /** First offset of the oldest open transaction, or {@link #durableEnd} when none is open. */
    long lastStableOffset();

    /** Epoch of this log's writer. */
    int leaderEpoch();

    /** Bytes of stored batches, in all segments. */
    long sizeBytes();

    /** Number of segments. */
    int segmentCount();

    /**
     * Reads from {@code offset} to at most {@code upTo} (exclusive; clipped to the durable end): as
     * many whole batches as fit {@code maxBytes}, possibly followed by a part of one; nothing if
     * not even the first fits.
     *
     * @param oneAtLeast
     *            return the first batch even if it is larger than {@code maxBytes}
     */
    ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast);

    /**
     * Reads the one batch that holds {@code offset}, or the next that is left, and verifies its
     * checksum. For a reader that found bytes of an earlier result unreadable or wrong, as
     * {@link #read} looks at no more than the first headers: the batch is handed out in memory if
     * it
     * is sound, otherwise the result is {@link ReadResult.Damaged} with the range to skip. Reads
     * the
     * disk.
     */
    default ReadResult readVerified(long offset) {
        return read(offset, Long.MAX_VALUE, 1, true);
    }

    /**
     * The first record, by offset, whose timestamp is at or after {@code timestampMs}. May read the
     * disk.
     */
    Optional<TimedOffset> offsetForTime(long timestampMs);

    /** The first record that has the largest timestamp of the log. May read the disk. */
    Optional<TimedOffset> offsetOfMaxTimestamp();

    /**
     * The largest epoch not above {@code epoch} and where it ends (KIP-320). An epoch older than
     * the
     * log is answered with itself and the first offset of the oldest; empty if the log has no epoch
     * so high.
     */
    Optional<EpochEnd> endOffsetForEpoch(int epoch);

    /**
     * Transactions that were rolled back and touch offsets from {@code from} to below {@code upTo},
     * by the offsets of their markers: a reader of committed records drops what their producers
     * wrote from their first offsets up to their markers.
     */
    List<AbortedTransaction> abortedTransactions(long from, long upTo);

    /** Idempotent and transactional producers active on this log. */
    List<ProducerSnapshot> producers();

    /** One producer as known to the log, for {@code DescribeProducers}. */
    record ProducerSnapshot(long producerId, short producerEpoch, int lastSequence,
            long lastTimestampMs,
            int coordinatorEpoch, long currentTransactionStartOffset) {}
}
