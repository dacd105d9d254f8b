package io.taffrail.log.local.segment;

import java.nio.ByteBuffer;

/**
 * Facts recorded about a segment outside its file: 40 bytes in this order.
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
 */
public record SegmentInfo(long baseOffset, int generation, int sizeBytes, long firstTimestampMs,
        long maxTimestampMs,
        long lastAppendMs) {

    /** Size of the encoded form in bytes. */
    public static final int BYTES = 40;

    public void writeTo(ByteBuffer out) {
        out.putLong(baseOffset).putInt(generation).putInt(sizeBytes).putLong(firstTimestampMs)
                .putLong(maxTimestampMs).putLong(lastAppendMs);
    }

    public static SegmentInfo readFrom(ByteBuffer in) {
        return new SegmentInfo(in.getLong(), in.getInt(), in.getInt(), in.getLong(), in.getLong(),
                in.getLong());
    }
}
