package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.BatchRewriter;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Writes the batches of one cleaning round anew, from the start of the log to the end of the round,
 * without what compaction removes. One segment group after the other may be given to
 * {@link #clean};
 * order counts. Holds the records of one batch at a time. For one round and one thread.
 */
public final class Cleaner {

    /** Takes the batches that are left, in order. */
    public interface BatchSink {
        /**
         * Writes one batch.
         *
         * @param batch
         *            position to limit; not kept
         */
        void write(ByteBuffer batch) throws IOException;
    }

    /**
     * What one round goes by.
     *
     * @param map
     *            newest offsets of the keys in the dirty part
     * @param upTo
     *            first offset the map does not cover; records from there on stay
     * @param nowMs
     *            time of the round
     * @param deleteRetention
     *            how long a tombstone or a marker stays after the first round that met it as the
     *            last of its kind
     * @param producers
     *            whose last batches stay
     * @param aborted
     *            every aborted transaction below {@code upTo}
     */
    public record Round(OffsetMap map, long upTo, long nowMs, Duration deleteRetention,
            ActiveProducers producers, List<AbortedTransaction> aborted) {}

    /** What a round did. */
    public record Summary(long bytesRead, long bytesWritten, long recordsRead, long recordsKept,
            long recordsWithoutKey) {}

    private final Round round;
    private final long horizonMs;
    private final TransactionTracker transactions;
    private long bytesRead;
    private long bytesWritten;
    private long recordsRead;
    private long recordsKept;
    private long recordsWithoutKey;

    public Cleaner(Round round) {
        this.round = round;
        long retentionMs = round.deleteRetention().toMillis();
        this.horizonMs = retentionMs > Long.MAX_VALUE - round.nowMs()
                ? Long.MAX_VALUE
                : round.nowMs() + retentionMs;
        this.transactions = new TransactionTracker(round.aborted());
    }

    /**
     * Cleans some batches.
     *
     * @param batches
     *            whole batches from 0 to their limits, following those of the call before
     */
    public void clean(Iterator<ByteBuffer> batches, BatchSink sink) throws IOException {
        while (batches.hasNext()) {
            ByteBuffer batch = batches.next();
            bytesRead += batch.limit();
            recordsRead += BatchHeader.recordCount(batch, 0);
            if (BatchHeader.baseOffset(batch, 0) >= round.upTo()) {
                recordsKept += BatchHeader.recordCount(batch, 0);
                write(batch, sink);
            } else {
                clean(batch, sink);
            }
        }
    }

    /**
     * Aborted transactions that are to be forgotten when what {@link #clean} wrote so far is in
     * place: nothing is left of them but a marker that will go, or not even that.
     */
    public List<AbortedTransaction> gone() {
        return transactions.gone();
    }

    public Summary summary() {
        return new Summary(bytesRead, bytesWritten, recordsRead, recordsKept, recordsWithoutKey);
    }

    private void clean(ByteBuffer batch, BatchSink sink) throws IOException {
        boolean dead = transactions.isDead(batch);
        boolean control = BatchHeader.isControl(batch, 0);
        boolean dropped = dead && (!control || horizonPassed(batch));
        boolean keepsEmpty = round.producers().lastIs(batch)
                || BatchHeader.lastOffset(batch, 0) + 1 == round.upTo();
        if (dropped && !keepsEmpty) {
            return;
        }
        List<RecordView> kept = dropped ? List.of() : kept(batch, control);
        recordsKept += kept.size();
        if (!kept.isEmpty()) {
            boolean ends = (control && dead)
                    || (!control && kept.stream().anyMatch(record -> record.value() == null));
            write(withHorizon(batch, kept, ends), sink);
        } else if (keepsEmpty) {
            write(BatchRewriter.empty(batch), sink);
        }
    }

    /** The batch as it was if all its records stay and it needs no horizon, else rewritten. */
    private ByteBuffer withHorizon(ByteBuffer batch, List<RecordView> kept, boolean ends) {
        boolean hasHorizon = BatchHeader.hasDeleteHorizon(batch, 0);
        boolean needsHorizon = ends && !hasHorizon;
        if (!needsHorizon && kept.size() == BatchHeader.recordCount(batch, 0)) {
            return batch;
        }
        long horizon = BatchRewriter.NO_HORIZON;
        if (needsHorizon) {
            horizon = horizonMs;
        } else if (hasHorizon) {
            horizon = BatchHeader.baseTimestamp(batch, 0);
        }
        return BatchRewriter.keep(batch, kept, horizon);
    }

    private List<RecordView> kept(ByteBuffer batch, boolean control) {
        List<RecordView> kept = new ArrayList<>();
        boolean tombstonesStay = !horizonPassed(batch);
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                if (control || stays(record, tombstonesStay)) {
                    kept.add(record);
                }
            }
        }
        return kept;
    }

    private boolean stays(RecordView record, boolean tombstonesStay) {
        if (record.offset() >= round.upTo()) {
            return true;
        }
        ByteBuffer key = record.key();
        if (key == null) {
            recordsWithoutKey++;
            return false;
        }
        return record.offset() >= round.map().get(key)
                && (record.value() != null || tombstonesStay);
    }

    private boolean horizonPassed(ByteBuffer batch) {
        return BatchHeader.hasDeleteHorizon(batch, 0)
                && BatchHeader.baseTimestamp(batch, 0) <= round.nowMs();
    }

    private void write(ByteBuffer batch, BatchSink sink) throws IOException {
        bytesWritten += batch.remaining();
        sink.write(batch);
    }
}
