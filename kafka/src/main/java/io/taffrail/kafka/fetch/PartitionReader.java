package io.taffrail.kafka.fetch;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.net.SliceRecords;
import io.taffrail.log.LogFailedException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    /** Offsets of a committed read, which bounds the segments whose aborted ones are looked up. */
    private static final long MOST_OFFSETS = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

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
        return readCommitted
                ? committed(data, target, log, end, new Room(Math.max(bytes, 0), oneAtLeast))
                : with(data, target, log.read(target.offset(), end, Math.max(bytes, 0),
                        oneAtLeast));
    }

    /** The bytes that a read may return. */
    private record Room(int bytes, boolean oneAtLeast) {}

    private static PartitionData with(PartitionData data, FetchTarget target, ReadResult result) {
        return switch (result) {
            case ReadResult.Batches(LogSlice slice) -> data.setRecords(new SliceRecords(slice));
            case ReadResult.OutOfRange _ -> failed(target, Errors.OFFSET_OUT_OF_RANGE);
            case ReadResult.Damaged _,ReadResult.Unreadable _ ->
                failed(target, Errors.KAFKA_STORAGE_ERROR);
        };
    }

    /**
     * Reads records with the aborted transactions that overlap them, up to the last stable offset
     * {@code end} or an earlier offset for which the list is complete. If compaction has left no
     * batch before that, reads from there on.
     */
    private static PartitionData committed(PartitionData data, FetchTarget target,
            ReadableLog log, long end, Room room) {
        long from = target.offset();
        while (true) {
            long upTo;
            try {
                upTo = addAborted(data, log, from, end);
            } catch (LogFailedException e) {
                LOG.debug("no committed read of {}", log.id(), e);
                return failed(target, Errors.KAFKA_STORAGE_ERROR);
            }
            ReadResult result = log.read(from, upTo, room.bytes, room.oneAtLeast);
            boolean nothing = result instanceof ReadResult.Batches(LogSlice slice)
                    && slice.sizeBytes() == 0;
            if (!nothing || upTo >= end || !room.oneAtLeast) {
                return with(data, target, result);
            }
            ((ReadResult.Batches) result).slice().close();
            from = upTo;
        }
    }

    /**
     * Sets the aborted transactions that overlap the records from {@code from} to the returned
     * offset, which is at most {@code end}.
     */
    private static long addAborted(PartitionData data, ReadableLog log, long from, long end) {
        long upTo = Math.min(end, from + MOST_OFFSETS);
        var aborted = log.abortedTransactions(from, upTo, MOST_ABORTED);
        data.setAbortedTransactions(aborted.stream()
                .map(each -> new AbortedTransaction().setProducerId(each.producerId())
                        .setFirstOffset(each.firstOffset()))
                .toList());
        if (aborted.size() < MOST_ABORTED) {
            return upTo;
        }
        // All that end later begin at or after this offset.
        long covered = aborted.getLast().lastStableOffset();
        return covered > from ? Math.min(upTo, covered) : upTo;
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
