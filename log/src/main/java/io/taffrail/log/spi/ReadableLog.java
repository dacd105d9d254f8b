package io.taffrail.log.spi;

import io.taffrail.log.LogId;
import java.util.List;
import java.util.Optional;

/**
 * The readers' view of a log: only records that have reached the log's durability.
 * Every method may be called from any thread.
 */
public interface ReadableLog {

    /**
     * An offset with its record's timestamp.
     *
     * @param offset
     *            offset of the record
     * @param timestampMs
     *            timestamp of the record, in milliseconds since the epoch
     * @param leaderEpoch
     *            leader epoch of the record's batch
     */
    record TimedOffset(long offset, long timestampMs, int leaderEpoch) {}

    /**
     * A leader epoch and the offset at which it ended.
     *
     * @param epoch
     *            the leader epoch
     * @param endOffset
     *            first offset of the next epoch; for the latest epoch, the durable end
     */
    record EpochEnd(int epoch, long endOffset) {}

    LogId id();

    /** First readable offset. */
    long startOffset();

    /**
     * First offset that is not readable yet. All records below it have
     * reached the log's durability.
     */
    long durableEnd();

    /**
     * First offset of the oldest open transaction; {@link #durableEnd} if none is open. Never below
     * {@link #startOffset}, also if the first records of a transaction have been trimmed.
     */
    long lastStableOffset();

    /** Leader epoch of this log's writer. */
    int leaderEpoch();

    /** Size of all segments in bytes. */
    long sizeBytes();

    /** Number of segments. */
    int segmentCount();

    /**
     * Reads whole batches from {@code offset} up to {@code upTo} (exclusive, limited
     * to the durable end), at most {@code maxBytes} of them. A part of one more batch may follow.
     * The result is empty if not even the first batch fits.
     *
     * @param oneAtLeast
     *            true to return the first batch even if it is larger than {@code maxBytes}
     */
    ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast);

    /**
     * Reads the one batch that contains {@code offset}, or the next one that remains,
     * and verifies its checksum. {@link #read} looks only at the first headers of its result;
     * a reader that then finds unreadable or wrong bytes calls this method. The batch
     * is returned in memory if it is intact; otherwise the result is {@link ReadResult.Damaged}
     * with the range to skip. Reads the disk.
     */
    default ReadResult readVerified(long offset) {
        return read(offset, Long.MAX_VALUE, 1, true);
    }

    /**
     * Returns the first record, by offset, whose timestamp is at least {@code timestampMs}.
     * May read the disk.
     */
    Optional<TimedOffset> offsetForTime(long timestampMs);

    /**
     * Returns the first record, by offset, that has the largest timestamp of the log.
     * May read the disk.
     */
    Optional<TimedOffset> offsetOfMaxTimestamp();

    /**
     * Returns the largest leader epoch that is at most {@code epoch},
     * with its end offset (KIP-320). For an epoch older than all known ones,
     * the answer is that epoch itself and the first offset of the oldest known one.
     * Empty if {@code epoch} is negative or above the latest epoch.
     */
    Optional<EpochEnd> endOffsetForEpoch(int epoch);

    /**
     * Returns the aborted transactions that overlap the offsets from {@code from} to {@code upTo}
     * (exclusive), ordered by the offsets of their markers. A reader of committed records drops
     * each transaction's records: those of its producer between its first offset and its marker.
     * Must be called before the records are read, because compaction forgets a transaction after it
     * has removed its records. May read the disk.
     *
     * @param most
     *            if there are more than this, the list ends early: with the first transaction, from
     *            this number on, whose last stable offset is above {@code from}; it is then
     *            complete for the offsets below that
     * @throws io.taffrail.log.LogFailedException
     *             if the transactions cannot be read, so that aborted records cannot be told from
     *             others
     */
    List<AbortedTransaction> abortedTransactions(long from, long upTo, int most);

    /** As {@link #abortedTransactions(long, long, int)}, all of them. */
    default List<AbortedTransaction> abortedTransactions(long from, long upTo) {
        return abortedTransactions(from, upTo, Integer.MAX_VALUE);
    }

    /** Returns the idempotent and transactional producers that are active on this log. */
    List<ProducerSnapshot> producers();

    /**
     * The state of one producer on this log, as {@code DescribeProducers} reports it.
     *
     * @param lastSequence
     *            sequence of the producer's last record; -1 if none is remembered
     * @param lastTimestampMs
     *            timestamp of the producer's last batch, in milliseconds since the epoch
     * @param coordinatorEpoch
     *            epoch of the coordinator that wrote the last end marker; -1 if there was none
     * @param currentTransactionStartOffset
     *            first offset of the open transaction; -1 if none is open
     */
    record ProducerSnapshot(long producerId, short producerEpoch, int lastSequence,
            long lastTimestampMs,
            int coordinatorEpoch, long currentTransactionStartOffset) {}
}
