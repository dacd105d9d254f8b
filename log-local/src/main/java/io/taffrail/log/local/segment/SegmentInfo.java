package io.taffrail.log.local.segment;

import java.nio.ByteBuffer;

/**
 * What is recorded of a segment outside its file, as 40 bytes in this order.
 *
 * @param generation
 *            0 as appended; higher for what compaction wrote in its place
 * @param firstTimestampMs
 *            of the first batch, -1 when empty
 * @param maxTimestampMs
 *            largest of all batches, -1 when empty or none has one
 * @param lastAppendMs
 *            by the broker's clock
 */
public record SegmentInfo(long baseOffset, int generation, int sizeBytes, long firstTimestampMs,
        long maxTimestampMs,
        long lastAppendMs) {

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
