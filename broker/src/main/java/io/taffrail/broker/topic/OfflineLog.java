package io.taffrail.broker.topic;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A stand-in for a log that could not be opened. It refuses appends and reads with the reason, so
 * that the topic's other partitions stay available.
 */
record OfflineLog(LogId id, LogOptions options, String reason) implements WritableLog {

    @Override
    public long startOffset() {
        return 0;
    }

    @Override
    public long durableEnd() {
        return 0;
    }

    @Override
    public long lastStableOffset() {
        return 0;
    }

    @Override
    public int leaderEpoch() {
        return -1;
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public int segmentCount() {
        return 0;
    }

    @Override
    public ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        return new ReadResult.Unreadable(reason);
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
        return Optional.empty();
    }

    @Override
    public Optional<TimedOffset> offsetOfMaxTimestamp() {
        return Optional.empty();
    }

    @Override
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return Optional.empty();
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long from, long upTo, int most) {
        return List.of();
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return List.of();
    }

    @Override
    public void reconfigure(LogOptions newOptions) {
        // Options are read again when the log is opened.
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        return new AppendResult.Refused(Refusal.STORAGE_FAILED, reason);
    }

    @Override
    public long nextOffset() {
        return 0;
    }

    @Override
    public Registration onDurableEnd(DurableEndListener listener) {
        return () -> {};
    }

    @Override
    public void trimTo(long offset) {
        // Nothing to trim.
    }

    @Override
    public void roll() {
        // Nothing to seal.
    }

    @Override
    public CompletableFuture<Long> erase(OffsetSet gone) {
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public int maintain(long nowMs) {
        return 0;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
