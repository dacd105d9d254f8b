package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a Kafka RecordBatch v2, accessed in place in a big-endian buffer at an absolute
 * index. The buffer's position and limit stay unchanged; {@link #computeCrc} moves them
 * and restores them, so a buffer must not be shared between threads.
 *
 * <pre>
 *  0 baseOffset int64          21 attributes int16        43 producerId int64
 *  8 batchLength int32         23 lastOffsetDelta int32   51 producerEpoch int16
 * 12 partitionLeaderEpoch      27 baseTimestamp int64     53 baseSequence int32
 * 16 magic int8                35 maxTimestamp int64      57 recordCount int32
 * 17 crc uint32 of 21..end                                61 records
 * </pre>
 *
 * {@code batchLength} counts from index 12. Base offset and leader epoch are outside the checksum,
 * so that a broker can write them.
 */
public final class BatchHeader {

    /** Size of the header, and so position of the first record. */
    public static final int SIZE_BYTES = 61;

    /** Size of the fields that {@code batchLength} does not count. */
    public static final int LENGTH_OVERHEAD_BYTES = 12;

    /** Version of the batch format. */
    public static final byte MAGIC = 2;

    /** Producer id of a batch without a producer. */
    public static final long NO_PRODUCER = -1;

    /**
     * Base sequence of a batch that is outside its producer's sequence. A coordinator writes such
     * batches on behalf of the producer.
     */
    public static final int NO_SEQUENCE = -1;

    private static final int CRC_FROM = 21;
    private static final int COMPRESSION_MASK = 0x07;
    private static final int TIMESTAMP_TYPE_MASK = 0x08;
    private static final int TRANSACTIONAL_MASK = 0x10;
    private static final int CONTROL_MASK = 0x20;
    private static final int DELETE_HORIZON_MASK = 0x40;

    private BatchHeader() {}

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    /** Size of the whole batch in bytes, from the base offset to the end of the last record. */
    public static int sizeBytes(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 8) + LENGTH_OVERHEAD_BYTES;
    }

    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 12);
    }

    public static byte magic(ByteBuffer buffer, int at) {
        return buffer.get(at + 16);
    }

    public static int crc(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 17);
    }

    public static short attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + 21);
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 23);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    /**
     * Timestamp in milliseconds since the epoch to which the records' deltas are relative;
     * the delete horizon if {@link #hasDeleteHorizon}.
     */
    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 27);
    }

    /** Largest timestamp that the header states, in milliseconds since the epoch; -1 for none. */
    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 35);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 43);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + 51);
    }

    /** Sequence of the first record, or {@link #NO_SEQUENCE}. */
    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 53);
    }

    /**
     * Sequence of the last record; meaningless if the batch has {@link #NO_SEQUENCE}. Sequences
     * wrap from {@link Integer#MAX_VALUE} to 0.
     */
    public static int lastSequence(ByteBuffer buffer, int at) {
        return nextSequence(baseSequence(buffer, at), lastOffsetDelta(buffer, at));
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 57);
    }

    /** Kafka's id of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are undefined. */
    public static int compression(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & COMPRESSION_MASK;
    }

    /** True if the largest timestamp was set by the broker and applies to every record. */
    public static boolean isLogAppendTime(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TIMESTAMP_TYPE_MASK) != 0;
    }

    public static boolean isTransactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & TRANSACTIONAL_MASK) != 0;
    }

    public static boolean isControl(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & CONTROL_MASK) != 0;
    }

    /**
     * True if the base timestamp field holds a delete horizon: the time from which the batch's
     * tombstones or marker may be removed (KIP-534).
     */
    public static boolean hasDeleteHorizon(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & DELETE_HORIZON_MASK) != 0;
    }

    /** Returns {@code sequence + increment}, wrapped to 0 after {@link Integer#MAX_VALUE}. */
    public static int nextSequence(int sequence, int increment) {
        if (sequence > Integer.MAX_VALUE - increment) {
            return increment - (Integer.MAX_VALUE - sequence) - 1;
        }
        return sequence + increment;
    }

    /**
     * Writes the two fields that the log assigns. They are outside the checksum, which stays valid.
     */
    public static void stamp(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + 12, leaderEpoch);
    }

    /** Takes the batch out of its producer's sequence, and updates the checksum. */
    public static void clearSequence(ByteBuffer buffer, int at) {
        buffer.putInt(at + 53, NO_SEQUENCE);
        buffer.putInt(at + 17, computeCrc(buffer, at, sizeBytes(buffer, at)));
    }

    /** Writes the largest timestamp and the timestamp type, and updates the checksum. */
    public static void stampTime(ByteBuffer buffer, int at, boolean logAppendTime,
            long maxTimestampMs) {
        int attributes = attributes(buffer, at);
        int marked = logAppendTime
                ? attributes | TIMESTAMP_TYPE_MASK
                : attributes & ~TIMESTAMP_TYPE_MASK;
        if (marked == attributes && maxTimestamp(buffer, at) == maxTimestampMs) {
            return;
        }
        buffer.putShort(at + 21, (short) marked);
        buffer.putLong(at + 35, maxTimestampMs);
        buffer.putInt(at + 17, computeCrc(buffer, at, sizeBytes(buffer, at)));
    }

    /**
     * Writes the header of an uncompressed batch without a producer, with base offset 0 and a valid
     * checksum. The batch extends from index 0 to the buffer's limit.
     */
    public static void writePlain(ByteBuffer buffer, int count, long baseTimestampMs,
            long maxTimestampMs) {
        buffer.putLong(0, 0);
        buffer.putInt(8, buffer.limit() - LENGTH_OVERHEAD_BYTES);
        buffer.putInt(12, -1);
        buffer.put(16, MAGIC);
        buffer.putShort(21, (short) 0);
        buffer.putInt(23, count - 1);
        buffer.putLong(27, baseTimestampMs);
        buffer.putLong(35, maxTimestampMs);
        buffer.putLong(43, NO_PRODUCER);
        buffer.putShort(51, (short) -1);
        buffer.putInt(53, -1);
        buffer.putInt(57, count);
        buffer.putInt(17, computeCrc(buffer, 0, buffer.limit()));
    }

    /** Computes the CRC-32C of a batch of {@code sizeBytes}, from the attributes to its end. */
    public static int computeCrc(ByteBuffer buffer, int at, int sizeBytes) {
        int position = buffer.position();
        int limit = buffer.limit();
        CRC32C crc = new CRC32C();
        buffer.limit(at + sizeBytes).position(at + CRC_FROM);
        crc.update(buffer);
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /**
     * Returns whether the bytes from {@code at} to {@code limit} begin with one whole batch
     * of format v2 with a valid checksum.
     */
    public static boolean isWhole(ByteBuffer buffer, int at, int limit) {
        return isFramed(buffer, at, limit)
                && crc(buffer, at) == computeCrc(buffer, at, sizeBytes(buffer, at));
    }

    /** As {@link #isWhole}, but checks length and magic only. */
    public static boolean isFramed(ByteBuffer buffer, int at, int limit) {
        if (limit - at < SIZE_BYTES || magic(buffer, at) != MAGIC) {
            return false;
        }
        int length = buffer.getInt(at + 8);
        return length >= SIZE_BYTES - LENGTH_OVERHEAD_BYTES
                && length <= limit - at - LENGTH_OVERHEAD_BYTES;
    }
}
