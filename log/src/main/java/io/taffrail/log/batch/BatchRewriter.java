package io.taffrail.log.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Rewrites a stored batch with fewer records. Offsets, sequences, producer,
 * epoch and flags of the batch stay the same, so neither readers nor producers notice the removal.
 */
public final class BatchRewriter {

    /** Value of {@code deleteHorizonMs} for a batch without a delete horizon. */
    public static final long NO_HORIZON = -1;

    private static final int ATTRIBUTES_AT = 21;
    static final int COMPRESSION_MASK = 0x07;
    private static final int DELETE_HORIZON_BIT = 0x40;

    private BatchRewriter() {}

    /**
     * Returns a copy of the batch with only some of its records, compressed with the same codec.
     * Takes memory for what it returns and for one record.
     *
     * @param batch
     *            one whole batch, from index 0 to the limit
     * @param stays
     *            whether to keep a record; asked of each once, in order; true of one at least
     * @param deleteHorizonMs
     *            time from which the batch's tombstones or marker may be removed (KIP-534),
     *            or {@link #NO_HORIZON}. It replaces the base timestamp;
     *            the records keep their timestamps
     */
    public static ByteBuffer keep(ByteBuffer batch, Predicate<RecordView> stays,
            long deleteHorizonMs) {
        boolean hasHorizon = deleteHorizonMs != NO_HORIZON;
        Codec codec = Codec.of(BatchHeader.compression(batch, 0));
        ByteBufferOutputStream target = new ByteBufferOutputStream(ByteBuffer
                .allocate(batch.limit()).position(BatchHeader.SIZE_BYTES));
        Kept kept = new Kept(BatchHeader.baseOffset(batch, 0), hasHorizon, deleteHorizonMs);
        try (RecordWalker records = new RecordWalker(batch, 0);
                OutputStream out = codec.compressTo(target)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                if (stays.test(record)) {
                    kept.write(record, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress with " + codec, e);
        }
        ByteBuffer out = target.buffer().flip();
        int attributes = BatchHeader.attributes(batch, 0) & ~DELETE_HORIZON_BIT;
        writeHeader(out, batch, hasHorizon ? attributes | DELETE_HORIZON_BIT : attributes,
                kept.baseTimestampMs, kept.maxTimestampMs, kept.count);
        return out;
    }

    /** The records that are kept of a batch, encoded one at a time. */
    private static final class Kept {

        private static final int USUAL_BYTES = 1024;

        private final RecordEncoder encoder = new RecordEncoder(0, USUAL_BYTES);
        private final long baseOffset;
        private boolean hasBase;
        private long baseTimestampMs;
        private long maxTimestampMs = RecordScan.NO_TIMESTAMP;
        private int count;

        private Kept(long baseOffset, boolean hasBase, long baseTimestampMs) {
            this.baseOffset = baseOffset;
            this.hasBase = hasBase;
            this.baseTimestampMs = baseTimestampMs;
        }

        private void write(RecordView record, OutputStream out) throws IOException {
            if (!hasBase) {
                hasBase = true;
                baseTimestampMs = record.timestampMs();
            }
            encoder.write(record.timestampMs() - baseTimestampMs,
                    (int) (record.offset() - baseOffset), record.key(), record.value(),
                    record.headers());
            ByteBuffer encoded = encoder.buffer();
            out.write(encoded.array(), encoded.arrayOffset(), encoded.position());
            encoded.clear();
            maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs());
            count++;
        }
    }

    /**
     * Returns a copy of the batch without records, which still carries its offsets and sequences.
     */
    public static ByteBuffer empty(ByteBuffer batch) {
        ByteBuffer out = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        int attributes = BatchHeader.attributes(batch, 0)
                & ~(DELETE_HORIZON_BIT | COMPRESSION_MASK);
        writeHeader(out, batch, attributes, RecordScan.NO_TIMESTAMP,
                BatchHeader.maxTimestamp(batch, 0), 0);
        return out;
    }

    static void writeHeader(ByteBuffer out, ByteBuffer batch, int attributes,
            long baseTimestampMs, long maxTimestampMs, int count) {
        out.put(0, batch, 0, BatchHeader.SIZE_BYTES);
        out.putInt(8, out.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES);
        out.putShort(ATTRIBUTES_AT, (short) attributes);
        out.putLong(27, baseTimestampMs);
        out.putLong(35, maxTimestampMs);
        out.putInt(57, count);
        out.putInt(17, BatchHeader.computeCrc(out, 0, out.limit()));
    }
}
