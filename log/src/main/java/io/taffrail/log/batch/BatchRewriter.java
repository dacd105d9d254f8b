package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Writes a stored batch anew with fewer records. Offsets, sequences, producer, epoch and flags of
 * the
 * batch stay, so that neither readers nor producers notice what is gone.
 */
public final class BatchRewriter {

    /** For {@code deleteHorizonMs}: the batch has none. */
    public static final long NO_HORIZON = -1;

    private static final int ATTRIBUTES_AT = 21;
    private static final int COMPRESSION_MASK = 0x07;
    private static final int DELETE_HORIZON_BIT = 0x40;

    private BatchRewriter() {}

    /**
     * The batch with only some of its records, compressed as before.
     *
     * @param batch
     *            one whole batch from 0 to the limit
     * @param kept
     *            some of its records, in order, at least one
     * @param deleteHorizonMs
     *            when its tombstones or marker may go (KIP-534); it takes the place of the base
     *            timestamp, and records keep theirs
     */
    public static ByteBuffer keep(ByteBuffer batch, List<RecordView> kept, long deleteHorizonMs) {
        long baseOffset = BatchHeader.baseOffset(batch, 0);
        boolean hasHorizon = deleteHorizonMs != NO_HORIZON;
        long baseTimestampMs = hasHorizon ? deleteHorizonMs : kept.getFirst().timestampMs();
        RecordEncoder encoder = new RecordEncoder(BatchHeader.SIZE_BYTES, batch.limit());
        long maxTimestampMs = RecordScan.NO_TIMESTAMP;
        for (RecordView record : kept) {
            encoder.write(record.timestampMs() - baseTimestampMs,
                    (int) (record.offset() - baseOffset), record.key(), record.value(),
                    record.headers());
            maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs());
        }
        ByteBuffer records = encoder.buffer().flip();
        Codec codec = Codec.of(BatchHeader.compression(batch, 0));
        ByteBuffer out = codec == Codec.NONE ? records : compress(codec, records);
        int attributes = BatchHeader.attributes(batch, 0) & ~DELETE_HORIZON_BIT;
        writeHeader(out, batch, hasHorizon ? attributes | DELETE_HORIZON_BIT : attributes,
                baseTimestampMs, maxTimestampMs, kept.size());
        return out;
    }

    /**
     * The batch with the same bytes of records, compressed otherwise, and a header that says so.
     *
     * @param batch
     *            one whole valid batch, position to limit; stays as it is
     * @param recordBytes
     *            of its records decompressed, as {@link BatchCheck.Valid} says
     * @param level
     *            of the codec, where that has levels
     */
    public static ByteBuffer compressed(ByteBuffer batch, int recordBytes, Codec codec,
            int level) {
        ByteBuffer source = batch.slice();
        ByteBuffer records = decompressed(source, recordBytes);
        ByteBuffer out = records;
        if (codec != Codec.NONE) {
            try {
                out = codec.compress(records.position(BatchHeader.SIZE_BYTES),
                        ByteBuffer.allocate(source.limit()).position(BatchHeader.SIZE_BYTES),
                        level).flip();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot compress with " + codec, e);
            }
        }
        int attributes = (BatchHeader.attributes(source, 0) & ~COMPRESSION_MASK) | codec.id();
        writeHeader(out, source, attributes, BatchHeader.baseTimestamp(source, 0),
                BatchHeader.maxTimestamp(source, 0), BatchHeader.recordCount(source, 0));
        return out;
    }

    /** The records behind the room for a header. */
    private static ByteBuffer decompressed(ByteBuffer batch, int recordBytes) {
        ByteBuffer out = ByteBuffer.allocate(BatchHeader.SIZE_BYTES + recordBytes);
        Codec codec = Codec.of(BatchHeader.compression(batch, 0));
        ByteBuffer records = batch.duplicate().position(BatchHeader.SIZE_BYTES);
        if (codec == Codec.NONE) {
            return out.put(BatchHeader.SIZE_BYTES, records, records.position(), recordBytes);
        }
        try (InputStream in = codec.decompress(records, BufferSupplier.NO_CACHING)) {
            int read = in.readNBytes(out.array(), BatchHeader.SIZE_BYTES, recordBytes);
            if (read < recordBytes) {
                throw new MalformedBatchException("the records have " + read + " bytes where "
                        + recordBytes + " were counted");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot decompress with " + codec, e);
        }
        return out;
    }

    /** The batch without any record: what is left to remember offsets and sequences by. */
    public static ByteBuffer empty(ByteBuffer batch) {
        ByteBuffer out = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        int attributes = BatchHeader.attributes(batch, 0)
                & ~(DELETE_HORIZON_BIT | COMPRESSION_MASK);
        writeHeader(out, batch, attributes, RecordScan.NO_TIMESTAMP,
                BatchHeader.maxTimestamp(batch, 0), 0);
        return out;
    }

    private static ByteBuffer compress(Codec codec, ByteBuffer records) {
        ByteBuffer out = ByteBuffer.allocate(Math.max(512, records.limit() / 2))
                .position(BatchHeader.SIZE_BYTES);
        try {
            return codec.compress(records.position(BatchHeader.SIZE_BYTES), out).flip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress with " + codec, e);
        }
    }

    private static void writeHeader(ByteBuffer out, ByteBuffer batch, int attributes,
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
