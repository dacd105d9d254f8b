package io.taffrail.log.local.segment;

import java.nio.ByteBuffer;

/**
 * Facts recorded about a segment outside its file: 44 bytes in this order. In format 1.0 they are
 * the first 40 bytes.
 *
 * @param generation
 *            0 as appended; counts the rewrites by compaction or erasure otherwise
 * @param sizeBytes
 *            size of the known batches in bytes
 * @param firstTimestampMs
 *            largest timestamp of the first batch, in milliseconds since the epoch; -1 if empty
 * @param maxTimestampMs
 *            largest timestamp of all batches; -1 if empty or if no batch has one
 * @param lastAppendMs
 *            time of the last append by the broker's clock
 * @param aborted
 *            number of entries of its {@link AbortedIndex}; {@link AbortedIndex#UNKNOWN} if format
 *            1.0 does not tell
 */
public record SegmentInfo(long baseOffset, int generation, int sizeBytes, long firstTimestampMs,
        long maxTimestampMs, long lastAppendMs, int aborted) {

    /** Size of the encoded form in bytes. */
    public static final int BYTES = 44;

    public void writeTo(ByteBuffer out) {
        out.putLong(baseOffset).putInt(generation).putInt(sizeBytes).putLong(firstTimestampMs)
                .putLong(maxTimestampMs).putLong(lastAppendMs)
                .putInt(aborted);
    }

    public static SegmentInfo readFrom(ByteBuffer in) {
        return read(in, true);
    }

    /**
     * Reads the form of format 1.0.
     *
     * @param aborted
     *            number of aborted transactions that end in the segment
     */
    public static SegmentInfo readOld(ByteBuffer in, int aborted) {
        SegmentInfo info = read(in, false);
        return new SegmentInfo(info.baseOffset, info.generation, info.sizeBytes,
                info.firstTimestampMs, info.maxTimestampMs, info.lastAppendMs, aborted);
    }

    private static SegmentInfo read(ByteBuffer in, boolean aborted) {
        return new SegmentInfo(in.getLong(), in.getInt(), in.getInt(), in.getLong(), in.getLong(),
                in.getLong(), aborted ? in.getInt() : 0);
    }
}
