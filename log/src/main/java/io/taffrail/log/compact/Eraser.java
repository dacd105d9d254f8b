package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.BatchRewriter;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.OffsetSet;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Rewrites batches without erased records. The remaining records keep their offsets.
 * Control batches are kept, as are the batches that hold the sequences of active producers.
 * For a single thread.
 */
public final class Eraser {

    private final OffsetSet gone;
    private final ActiveProducers producers;

    public Eraser(OffsetSet gone, ActiveProducers producers) {
        this.gone = gone;
        this.producers = producers;
    }

    /**
     * Returns the rest of a batch: the batch itself, one with fewer records, or nothing.
     *
     * @param batch
     *            one whole batch, from index 0 to the limit
     */
    public Optional<ByteBuffer> left(ByteBuffer batch) {
        long from = BatchHeader.baseOffset(batch, 0);
        long to = BatchHeader.lastOffset(batch, 0) + 1;
        long count = gone.countBetween(from, to);
        if (count == 0 || BatchHeader.isControl(batch, 0)) {
            return Optional.of(batch);
        }
        int kept = count == to - from ? 0 : kept(batch);
        if (kept == 0) {
            return producers.lastIs(batch)
                    ? Optional.of(BatchRewriter.empty(batch))
                    : Optional.empty();
        }
        if (kept == BatchHeader.recordCount(batch, 0)) {
            return Optional.of(batch);
        }
        long horizonMs = BatchHeader.hasDeleteHorizon(batch, 0)
                ? BatchHeader.baseTimestamp(batch, 0)
                : BatchRewriter.NO_HORIZON;
        return Optional.of(BatchRewriter.keep(batch,
                record -> !gone.contains(record.offset()), horizonMs));
    }

    private int kept(ByteBuffer batch) {
        int kept = 0;
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                if (!gone.contains(records.nextPlace().offset())) {
                    kept++;
                }
            }
        }
        return kept;
    }
}
