package io.taffrail.kafka.fetch;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.net.SliceRecords;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.EpochEnd;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Reader of partitions for a fetch. Safe for any thread.
 *
 * @param readCommitted
 *            true to stop at the last stable offset
 */
record PartitionReader(Topics topics, boolean readCommitted) {

    private static final int UNKNOWN = -1;
    /** Aborted transactions that one partition's part of a response lists. */
    private static final int MOST_ABORTED = 1000;

    /** First offset that this reader may not read yet. */
    long end(ReadableLog log) {
        return readCommitted ? log.lastStableOffset() : log.durableEnd();
    }

    /** Whether a read would now return records or an error; does not read. */
    boolean ready(FetchTarget target) {
        Optional<Partition> partition = target.find(topics);
        if (partition.isEmpty() || partition.get().offline().isPresent()) {
            return true;
        }
        ReadableLog log = partition.get().log();
        return target.offset() < end(log)
                || target.offset() > log.durableEnd()
                || target.offset() < log.startOffset()
                || epochError(target, log) != Errors.NONE;
    }

    /**
     * Reads a partition. The caller closes the slice in the result.
     *
     * @param maxBytes
     *            bytes left in the response
     * @param oneAtLeast
     *            true to return the first batch even if it is larger than {@code maxBytes}
     */
    PartitionData read(FetchTarget target, int maxBytes, boolean oneAtLeast) {
        Optional<Partition> partition = target.find(topics);
        if (partition.isEmpty()) {
            return failed(target, target.notFound(topics));
        }
        if (partition.get().offline().isPresent()) {
            return failed(target, Errors.KAFKA_STORAGE_ERROR);
        }
        ReadableLog log = partition.get().log();
        Errors epoch = epochError(target, log);
        if (epoch != Errors.NONE) {
            return failed(target, epoch);
        }
        if (target.lastFetchedEpoch() >= 0) {
            Optional<PartitionData> diverged = divergence(target, log);
            if (diverged.isPresent()) {
                return diverged.get();
            }
        }
        return records(target, log, maxBytes, oneAtLeast);
    }

    private PartitionData records(FetchTarget target, ReadableLog log, int maxBytes,
            boolean oneAtLeast) {
        long end = end(log);
        long highWatermark = log.durableEnd();
        long start = log.startOffset();
        if (target.offset() < start || target.offset() > highWatermark) {
            return failed(target, Errors.OFFSET_OUT_OF_RANGE);
        }
        PartitionData data = found(target, log, start, highWatermark);
        int bytes = Math.min(maxBytes, target.maxBytes());
        if (target.offset() >= end || (bytes <= 0 && !oneAtLeast)) {
            return data;
        }
        long upTo = readCommitted ? addAborted(data, log, target.offset(), end) : end;
        return switch (log.read(target.offset(), upTo, Math.max(bytes, 0), oneAtLeast)) {
            case ReadResult.Batches(LogSlice slice) -> data.setRecords(new SliceRecords(slice));
            case ReadResult.OutOfRange _ -> failed(target, Errors.OFFSET_OUT_OF_RANGE);
            case ReadResult.Damaged _,ReadResult.Unreadable _ ->
                failed(target, Errors.KAFKA_STORAGE_ERROR);
        };
    }

    /**
     * Adds the aborted transactions that overlap the records from {@code from} to {@code end}. If
     * these are too many for one response, the end is earlier. Returns the end. Called before the
     * records are read, because compaction forgets a transaction after it has removed its records.
     */
    private static long addAborted(PartitionData data, ReadableLog log, long from, long end) {
        var aborted = log.abortedTransactions(from, end);
        long upTo = end;
        if (aborted.size() > MOST_ABORTED) {
            // All that end later begin at or after this offset.
            long covered = aborted.get(MOST_ABORTED - 1).lastStableOffset();
            if (covered > from) {
                upTo = Math.min(end, covered);
                aborted = aborted.subList(0, MOST_ABORTED);
            }
        }
        if (!aborted.isEmpty()) {
            data.setAbortedTransactions(aborted.stream()
                    .map(each -> new AbortedTransaction().setProducerId(each.producerId())
                            .setFirstOffset(each.firstOffset()))
                    .toList());
        }
        return upTo;
    }

    private PartitionData found(FetchTarget target, ReadableLog log, long start,
            long highWatermark) {
        return new PartitionData().setPartitionIndex(target.partition())
                .setHighWatermark(highWatermark).setLastStableOffset(log.lastStableOffset())
                .setLogStartOffset(start)
                .setAbortedTransactions(readCommitted ? List.of() : null)
                .setRecords(MemoryRecords.EMPTY);
    }

    private static Errors epochError(FetchTarget target, ReadableLog log) {
        int known = target.currentLeaderEpoch();
        if (known == UNKNOWN || known == log.leaderEpoch()) {
            return Errors.NONE;
        }
        return known < log.leaderEpoch()
                ? Errors.FENCED_LEADER_EPOCH
                : Errors.UNKNOWN_LEADER_EPOCH;
    }

    private Optional<PartitionData> divergence(FetchTarget target, ReadableLog log) {
        Optional<EpochEnd> end = log.endOffsetForEpoch(target.lastFetchedEpoch());
        if (end.isEmpty()) {
            return Optional.of(failed(target, Errors.OFFSET_OUT_OF_RANGE));
        }
        if (end.get().epoch() >= target.lastFetchedEpoch()
                && end.get().endOffset() >= target.offset()) {
            return Optional.empty();
        }
        return Optional.of(found(target, log, log.startOffset(), log.durableEnd())
                .setDivergingEpoch(new EpochEndOffset().setEpoch(end.get().epoch())
                        .setEndOffset(end.get().endOffset())));
    }

    private static PartitionData failed(FetchTarget target, Errors error) {
        return new PartitionData().setPartitionIndex(target.partition())
                .setErrorCode(error.code()).setHighWatermark(UNKNOWN).setLastStableOffset(UNKNOWN)
                .setLogStartOffset(UNKNOWN).setRecords(MemoryRecords.EMPTY);
    }
}
