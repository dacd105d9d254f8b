package io.taffrail.log.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records into one batch of format v2 with base offset 0, as an append expects it.
 * For a single batch and a single thread.
 */
public final class BatchBuilder {

    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int CONTROL_BIT = 0x20;
    private static final short NO_EPOCH = -1;

    private final RecordEncoder records;
    private Codec codec = Codec.NONE;
    private int flags;
    private long producerId = BatchHeader.NO_PRODUCER;
    private short producerEpoch = NO_EPOCH;
    private int baseSequence = BatchHeader.NO_SEQUENCE;
    private int count;
    private long baseTimestampMs;
    private long maxTimestampMs = RecordScan.NO_TIMESTAMP;

    public BatchBuilder() {
        this(1024);
    }

    /** Creates a builder with an initial buffer of {@code capacityBytes}, which grows as needed. */
    public BatchBuilder(int capacityBytes) {
        records = new RecordEncoder(BatchHeader.SIZE_BYTES, capacityBytes);
    }

    /** Sets the compression codec; the default is {@link Codec#NONE}. */
    public BatchBuilder codec(Codec value) {
        codec = value;
        return this;
    }

    /** Sets the idempotent producer (KIP-98) and the sequence of the first record. */
    public BatchBuilder producer(long id, short epoch, int firstSequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = firstSequence;
        return this;
    }

    /** Marks the batch as part of its producer's transaction. */
    public BatchBuilder transactional() {
        flags |= TRANSACTIONAL_BIT;
        return this;
    }

    /**
     * Adds a record; key and value may be null. The timestamp is in milliseconds since the epoch.
     * The buffers are copied and belong to the caller again afterwards.
     */
    public BatchBuilder add(long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value,
            List<RecordView.Header> headers) {
        if (count == 0) {
            baseTimestampMs = timestampMs;
        }
        records.write(timestampMs - baseTimestampMs, count, key, value, headers);
        count++;
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        return this;
    }

    public BatchBuilder add(long timestampMs, byte @Nullable [] key, byte @Nullable [] value) {
        return add(timestampMs, key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value), List.of());
    }

    public int count() {
        return count;
    }

    /** Size of the batch so far in bytes, without compression. */
    public int sizeBytes() {
        return records.position();
    }

    /**
     * Returns the batch, from position to limit of a heap buffer, with a valid checksum.
     * The builder must not be used afterwards.
     *
     * @throws IllegalStateException
     *             if the batch has no record
     */
    public ByteBuffer build() {
        if (count == 0) {
            throw new IllegalStateException("a batch needs at least one record");
        }
        ByteBuffer encoded = records.buffer().flip();
        ByteBuffer batch = codec == Codec.NONE ? encoded : compressed(encoded);
        writeHeader(batch);
        return batch;
    }

    private ByteBuffer compressed(ByteBuffer encoded) {
        ByteBuffer out = ByteBuffer.allocate(Math.max(512, encoded.limit() / 2));
        out.position(BatchHeader.SIZE_BYTES);
        try {
            return codec.compress(encoded.position(BatchHeader.SIZE_BYTES), out).flip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress with " + codec, e);
        }
    }

    private void writeHeader(ByteBuffer batch) {
        batch.putLong(0, 0);
        batch.putInt(8, batch.limit() - BatchHeader.LENGTH_OVERHEAD_BYTES);
        batch.putInt(12, -1);
        batch.put(16, BatchHeader.MAGIC);
        batch.putShort(21, (short) (codec.id() | flags));
        batch.putInt(23, count - 1);
        batch.putLong(27, baseTimestampMs);
        batch.putLong(35, maxTimestampMs);
        batch.putLong(43, producerId);
        batch.putShort(51, producerEpoch);
        batch.putInt(53, baseSequence);
        batch.putInt(57, count);
        batch.putInt(17, BatchHeader.computeCrc(batch, 0, batch.limit()));
    }

    /**
     * Builds the control batch that ends a transaction (KIP-98),
     * as a transaction coordinator appends it.
     *
     * @param commit
     *            true for a commit marker, false for an abort marker
     */
    public static ByteBuffer endMarker(long producerId, short producerEpoch, boolean commit,
            int coordinatorEpoch, long timestampMs) {
        ByteBuffer key = ByteBuffer.allocate(4).putShort((short) 0)
                .putShort((short) (commit ? 1 : 0)).flip();
        ByteBuffer value = ByteBuffer.allocate(6).putShort((short) 0).putInt(coordinatorEpoch)
                .flip();
        BatchBuilder builder = new BatchBuilder(128)
                .producer(producerId, producerEpoch, BatchHeader.NO_SEQUENCE).transactional();
        builder.flags |= CONTROL_BIT;
        return builder.add(timestampMs, key, value, List.of()).build();
    }
}
