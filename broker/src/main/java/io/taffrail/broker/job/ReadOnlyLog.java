package io.taffrail.broker.job;

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

/** The log of jobs as other components see it: they read it, and change nothing. */
public final class ReadOnlyLog implements WritableLog {

    private final WritableLog log;

    public ReadOnlyLog(WritableLog log) {
        this.log = log;
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        return new AppendResult.Refused(Refusal.INVALID_RECORD,
                "the states of jobs are written by the broker only");
    }

    @Override
    public LogId id() {
        return log.id();
    }

    @Override
    public LogOptions options() {
        return log.options();
    }

    @Override
    public long startOffset() {
        return log.startOffset();
    }

    @Override
    public long durableEnd() {
        return log.durableEnd();
    }

    @Override
    public long lastStableOffset() {
        return log.lastStableOffset();
    }

    @Override
    public long nextOffset() {
        return log.nextOffset();
    }

    @Override
    public int leaderEpoch() {
        return log.leaderEpoch();
    }

    @Override
    public long sizeBytes() {
        return log.sizeBytes();
    }

    @Override
    public int segmentCount() {
        return log.segmentCount();
    }

    @Override
    public ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        return log.read(offset, upTo, maxBytes, oneAtLeast);
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
        return log.offsetForTime(timestampMs);
    }

    @Override
    public Optional<TimedOffset> offsetOfMaxTimestamp() {
        return log.offsetOfMaxTimestamp();
    }

    @Override
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return log.endOffsetForEpoch(epoch);
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long from, long upTo, int most) {
        return log.abortedTransactions(from, upTo, most);
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return log.producers();
    }

    @Override
    public Registration onDurableEnd(DurableEndListener listener) {
        return log.onDurableEnd(listener);
    }

    @Override
    public int maintain(long nowMs) {
        return log.maintain(nowMs);
    }

    @Override
    public void reconfigure(LogOptions options) {
        throw notHere();
    }

    @Override
    public void trimTo(long offset) {
        throw notHere();
    }

    @Override
    public void roll() {
        throw notHere();
    }

    @Override
    public CompletableFuture<Long> erase(OffsetSet gone) {
        throw notHere();
    }

    private static IllegalStateException notHere() {
        return new IllegalStateException("the log of jobs is not to be changed from here");
    }

    @Override
    public void close() {
        // The jobs close their log.
    }
}
