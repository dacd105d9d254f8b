package io.taffrail.broker.queue;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A queue's log as other components use it. Reads return the stored batches as they are; appended
 * records become messages of the queue. The queue's cursor governs retention, so the log cannot be
 * trimmed or configured here.
 */
final class QueueLog implements WritableLog {

    private final WritableLog log;
    private final Queue queue;

    QueueLog(WritableLog log, Queue queue) {
        this.log = log;
        this.queue = queue;
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        int at = batch.position();
        if (queue.isDeleted()) {
            return new AppendResult.Refused(Refusal.CLOSED, "the queue is deleted");
        }
        Optional<Quarantine> quarantine = queue.quarantine();
        if (quarantine.isPresent()) {
            return new AppendResult.Refused(Refusal.STORAGE_FAILED,
                    "the queue failed: " + quarantine.get().cause());
        }
        if (BatchHeader.isTransactional(batch, at) || BatchHeader.isControl(batch, at)) {
            return new AppendResult.Refused(Refusal.INVALID_RECORD,
                    "a queue takes no transactional records");
        }
        int count = BatchHeader.recordCount(batch, at);
        long bodyBytes;
        try {
            bodyBytes = bodyBytes(batch);
        } catch (MalformedBatchException | IndexOutOfBoundsException
                | BufferUnderflowException e) {
            return new AppendResult.Refused(Refusal.INVALID_RECORD, "records that are cut short: "
                    + e.getMessage());
        }
        if (!queue.hasRoom(count, bodyBytes)) {
            return new AppendResult.Refused(Refusal.OVERLOADED, "the queue is full");
        }
        queue.settleOffsets();
        ByteBuffer stored = batch.duplicate();
        AppendResult result = log.append(batch);
        if (result instanceof AppendResult.Stored) {
            queue.appended(stored, count, bodyBytes);
        }
        return result;
    }

    /**
     * Bytes of the message bodies, counted only if the queue limits them, because that means to
     * read every record.
     */
    private long bodyBytes(ByteBuffer batch) {
        if (queue.settings().limits().maxBytes().isEmpty()) {
            return 0;
        }
        RecordCursor records = new RecordCursor();
        records.open(batch.duplicate());
        long bytes = 0;
        while (records.next(Long.MIN_VALUE)) {
            bytes += records.bodyBytes();
        }
        return bytes;
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
        queue.reclaim();
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

    private IllegalStateException notHere() {
        return new IllegalStateException(
                "the log of " + queue.name() + " is the queue's to change");
    }

    @Override
    public void close() {
        // The queue closes its log.
    }
}
