package io.taffrail.log.local.segment;

import java.nio.ByteBuffer;

/**
 * What is recorded of a segment outside its file, as 32 bytes in this order.
 *
 * @param generation
 *            0 as appended; higher for what compaction wrote in its place
 */
public record SegmentInfo(long baseOffset, int generation, int sizeBytes, long firstTimestampMs,
        long maxTimestampMs) {

    public static final int BYTES = 32;

    public void writeTo(ByteBuffer out) {
        out.putLong(baseOffset).putInt(generation).putInt(sizeBytes).putLong(firstTimestampMs)
                .putLong(maxTimestampMs);
    }

    public static SegmentInfo readFrom(ByteBuffer in) {
        return new SegmentInfo(in.getLong(), in.getInt(), in.getInt(), in.getLong(), in.getLong());
    }
}
