package io.taffrail.log.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of one Kafka RecordBatch v2, read in place from a big-endian buffer at an absolute
 * position. Buffer position and limit are
 * left alone, except by {@link #computeCrc}, which restores them.
 *
 * <pre>
 *  0 baseOffset int64          21 attributes int16        43 producerId int64
 *  8 batchLength int32         23 lastOffsetDelta int32   51 producerEpoch int16
 * 12 partitionLeaderEpoch      27 baseTimestamp int64     53 baseSequence int32
 * 16 magic int8                35 maxTimestamp int64      57 recordCount int32
 * 17 crc uint32 of 21..end                                61 records
 * </pre>
 *
 * Length counts from offset 12. Base offset and leader epoch lie outside the checksum so that a
 * broker may write them.
 */
public final class BatchHeader {

    /** Bytes before the first record. */
    public static final int SIZE_BYTES = 61;

    /** Bytes before the part that {@code batchLength} counts. */
    public static final int LENGTH_OVERHEAD_BYTES = 12;

    public static final byte MAGIC = 2;
    public static final long NO_PRODUCER = -1;

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

    /** Length of the whole batch, from the base offset to the last record. */
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

    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 27);
    }

    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 35);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 43);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + 51);
    }

    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 53);
    }

    /** Sequence of the last record; sequences wrap from {@link Integer#MAX_VALUE} to 0. */
    public static int lastSequence(ByteBuffer buffer, int at) {
        return nextSequence(baseSequence(buffer, at), lastOffsetDelta(buffer, at));
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 57);
    }

    /** Kafka's id of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are not defined. */
    public static int compression(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & COMPRESSION_MASK;
    }

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
     * Whether the base timestamp is the time from which the batch's tombstones may go (KIP-534).
     */
    public static boolean hasDeleteHorizon(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & DELETE_HORIZON_MASK) != 0;
    }

    /** {@code sequence + increment}, wrapping to 0 after {@link Integer#MAX_VALUE}. */
    public static int nextSequence(int sequence, int increment) {
        if (sequence > Integer.MAX_VALUE - increment) {
            return increment - (Integer.MAX_VALUE - sequence) - 1;
        }
        return sequence + increment;
    }

    /** Writes what the log decides; the checksum stays valid. */
    public static void stamp(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + 12, leaderEpoch);
    }

    /** Sets the largest timestamp and whether it is the broker's, and writes a new checksum. */
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
     * Writes the header of an uncompressed batch without producer that begins at 0 and ends at
     * the buffer's limit, with base offset 0 and a valid checksum.
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

    /** CRC32C over everything from the attributes to the end of a batch of {@code sizeBytes}. */
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
     * Whether the bytes from {@code at} to {@code limit} begin with one whole batch of format v2
     * whose checksum holds.
     */
    public static boolean isWhole(ByteBuffer buffer, int at, int limit) {
        return isFramed(buffer, at, limit)
                && crc(buffer, at) == computeCrc(buffer, at, sizeBytes(buffer, at));
    }

    /** As {@link #isWhole}, without the checksum: length and magic only. */
    public static boolean isFramed(ByteBuffer buffer, int at, int limit) {
        if (limit - at < SIZE_BYTES || magic(buffer, at) != MAGIC) {
            return false;
        }
        int length = buffer.getInt(at + 8);
        return length >= SIZE_BYTES - LENGTH_OVERHEAD_BYTES
                && length <= limit - at - LENGTH_OVERHEAD_BYTES;
    }
}
