package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.BatchRewriter;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Rewrites the batches of one cleaning round without the records that compaction removes,
 * from the start of the log to the end of the round. Segment groups must be passed
 * to {@link #clean} in the order of the log. Holds one batch in memory at a time, as it is stored,
 * and one of its records.
 * For one round and one thread.
 */
public final class Cleaner {

    /** Receives the remaining batches in order. */
    public interface BatchSink {
        /**
         * Writes one batch.
         *
         * @param batch
         *            from position to limit; must not be retained
         */
        void write(ByteBuffer batch) throws IOException;
    }

    /**
     * The parameters of one round.
     *
     * @param map
     *            newest offset of each key in the dirty part
     * @param upTo
     *            first offset that the map does not cover; records from there on are kept
     * @param nowMs
     *            time of the round, in milliseconds since the epoch
     * @param deleteRetention
     *            time for which a tombstone or marker is kept, counted from the first round
     *            that found it to be the last of its key or transaction
     * @param producers
     *            active producers, whose last batches are kept
     * @param aborted
     *            all aborted transactions below {@code upTo}
     */
    public record Round(OffsetMap map, long upTo, long nowMs, Duration deleteRetention,
            ActiveProducers producers, List<AbortedTransaction> aborted) {}

    /** The statistics of one round. */
    public record Summary(long bytesRead, long bytesWritten, long recordsRead, long recordsKept,
            long recordsWithoutKey) {}

    private final Round round;
    private final long horizonMs;
    private final TransactionTracker transactions;
    /** The records of the present batch that stay, by their index in the batch. */
    private final BitSet staying = new BitSet();
    /** First offset that may come next. */
    private long nextOffset;
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
     *            whole batches from index 0 to their limits, directly after those
     *            of the previous call
     * @throws IOException
     *             if {@code sink} fails
     */
    public void clean(Iterator<ByteBuffer> batches, BatchSink sink) throws IOException {
        while (batches.hasNext()) {
            ByteBuffer batch = batches.next();
            assert BatchHeader.baseOffset(batch, 0) >= nextOffset : "batches out of order";
            nextOffset = BatchHeader.lastOffset(batch, 0) + 1;
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
     * Returns the aborted transactions to forget once the batches written so far are in place:
     * all of their records are removed, and their markers are removed or will be.
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
        boolean tombstonesStay = !horizonPassed(batch);
        Kept kept = dropped
                ? Kept.NOTHING
                : kept(batch, record -> control || stays(record, tombstonesStay));
        recordsKept += kept.count();
        if (kept.count() > 0) {
            boolean ends = (control && dead) || (!control && kept.tombstones()
                    && BatchHeader.lastOffset(batch, 0) < round.upTo());
            write(withHorizon(batch, kept, ends), sink);
        } else if (keepsEmpty) {
            write(BatchRewriter.empty(batch), sink);
        }
    }

    /**
     * Returns the batch itself if all of its records stay and it needs no delete horizon;
     * otherwise a rewritten batch.
     */
    private ByteBuffer withHorizon(ByteBuffer batch, Kept kept, boolean ends) {
        boolean hasHorizon = BatchHeader.hasDeleteHorizon(batch, 0);
        boolean needsHorizon = ends && !hasHorizon;
        if (!needsHorizon && kept.count() == BatchHeader.recordCount(batch, 0)) {
            return batch;
        }
        long horizon = BatchRewriter.NO_HORIZON;
        if (needsHorizon) {
            horizon = horizonMs;
        } else if (hasHorizon) {
            horizon = BatchHeader.baseTimestamp(batch, 0);
        }
        int[] index = {0};
        return BatchRewriter.keep(batch, record -> staying.get(index[0]++), horizon);
    }

    /** The records of a batch that stay; there may be too many to hold as objects. */
    private record Kept(int count, boolean tombstones) {
        static final Kept NOTHING = new Kept(0, false);
    }

    /** Decides for each record whether it stays, once; looking up a key is expensive. */
    private Kept kept(ByteBuffer batch, Predicate<RecordView> stays) {
        staying.clear();
        int index = 0;
        int count = 0;
        boolean tombstones = false;
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                if (stays.test(record)) {
                    staying.set(index);
                    count++;
                    tombstones |= record.value() == null;
                } else if (record.key() == null) {
                    recordsWithoutKey++;
                }
                index++;
            }
        }
        return new Kept(count, tombstones);
    }

    private boolean stays(RecordView record, boolean tombstonesStay) {
        if (record.offset() >= round.upTo()) {
            return true;
        }
        ByteBuffer key = record.key();
        return key != null && record.offset() >= round.map().get(key)
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
