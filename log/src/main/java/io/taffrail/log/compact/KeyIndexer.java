package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/**
 * Fills an {@link OffsetMap} with the keys of a log's dirty part, up to its end or
 * until the map is full.
 */
public final class KeyIndexer {

    private final OffsetMap map;
    private final TransactionTracker transactions;
    private final long firstDirty;
    private long upTo;

    private KeyIndexer(OffsetMap map, long firstDirty, List<AbortedTransaction> aborted) {
        this.map = map;
        this.firstDirty = firstDirty;
        this.upTo = firstDirty;
        this.transactions = new TransactionTracker(
                aborted.stream().filter(it -> it.lastOffset() >= firstDirty).toList());
    }

    /**
     * Indexes the keys of the batches.
     *
     * @param batches
     *            whole batches from index 0 to their limits, in order, starting with the one
     *            that contains {@code firstDirty}
     * @param firstDirty
     *            first offset to index
     * @param end
     *            end of the dirty part; returned if all keys fit, even
     *            if the last offsets are missing
     * @param aborted
     *            aborted transactions; those that ended before {@code firstDirty} are ignored
     * @param map
     *            filled with the keys
     * @return first offset that is not indexed: the end of this round and the start of the next
     *         one, at the beginning of a batch. If the map cannot hold the keys of the first batch,
     *         a later offset in that batch
     */
    public static long index(Iterator<ByteBuffer> batches, long firstDirty, long end,
            List<AbortedTransaction> aborted, OffsetMap map) {
        KeyIndexer indexer = new KeyIndexer(map, firstDirty, aborted);
        while (batches.hasNext()) {
            ByteBuffer batch = batches.next();
            if (BatchHeader.baseOffset(batch, 0) >= end) {
                break;
            }
            if (!indexer.add(batch)) {
                return indexer.upTo;
            }
        }
        return end;
    }

    private boolean add(ByteBuffer batch) {
        boolean skipped = transactions.isDead(batch) || BatchHeader.isControl(batch, 0);
        if (!skipped && !addKeys(batch)) {
            return false;
        }
        upTo = Math.max(upTo, BatchHeader.lastOffset(batch, 0) + 1);
        return true;
    }

    private boolean addKeys(ByteBuffer batch) {
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                ByteBuffer key = record.key();
                if (key != null && record.offset() >= firstDirty
                        && !map.put(key, record.offset())) {
                    if (upTo == firstDirty) {
                        upTo = record.offset();
                    }
                    return false;
                }
            }
        }
        return true;
    }
}
