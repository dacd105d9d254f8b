package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.state.LogState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a checkpoint records of one log, taken on its owner's thread. As bytes:
 *
 * <pre>
 * id length int16 | id | durability int8 (0 fsync, 1 os) | start offset int64 | next offset int64 | highest epoch int32
 * | segments int32 | each: base offset int64, size int32, first timestamp int64, largest timestamp int64
 * | state length int32 | state (LogState's own snapshot)
 * </pre>
 */
record LogCapture(LogId id, Durability durability, long startOffset, long nextOffset,
        int highestEpoch,
        List<SegmentCapture> segments, ByteBuffer state) {

    record SegmentCapture(Segment segment, long baseOffset, int sizeBytes, long firstTimestampMs,
            long maxTimestampMs) {

        static SegmentCapture of(Segment segment) {
            return new SegmentCapture(segment, segment.baseOffset(), segment.sizeBytes(),
                    segment.firstTimestampMs(),
                    segment.maxTimestampMs());
        }
    }

    private static final int SEGMENT_BYTES = 28;

    static LogCapture of(StoredLog log) {
        return new LogCapture(log.id(), log.durability(), log.startOffset(), log.nextOffset(),
                log.highestEpoch(),
                List.of(log.segments()).stream().map(SegmentCapture::of).toList(),
                log.state().snapshot());
    }

    ByteBuffer encode() {
        byte[] name = id.value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer
                .allocate(2 + name.length + 1 + 20 + 4 + segments.size() * SEGMENT_BYTES + 4
                        + state.remaining());
        out.putShort((short) name.length).put(name)
                .put((byte) (durability == Durability.FSYNC ? 0 : 1));
        out.putLong(startOffset).putLong(nextOffset).putInt(highestEpoch).putInt(segments.size());
        segments.forEach(
                it -> out.putLong(it.baseOffset).putInt(it.sizeBytes).putLong(it.firstTimestampMs)
                        .putLong(it.maxTimestampMs));
        return out.putInt(state.remaining()).put(state.duplicate()).flip();
    }

    /** Reads one log's record and puts it into a log made by {@code logs}. */
    static StoredLog decode(ByteBuffer in, StoredLogs logs) {
        byte[] name = new byte[in.getShort()];
        in.get(name);
        Durability durability = in.get() == 0 ? Durability.FSYNC : Durability.OS;
        StoredLog log = logs.create(new LogId(new String(name, StandardCharsets.US_ASCII)),
                durability);
        long start = in.getLong();
        long next = in.getLong();
        int epoch = in.getInt();
        Segment[] segments = new Segment[in.getInt()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = Segment.restore(log.folder(), in.getLong(), in.getInt(), in.getLong(),
                    in.getLong(), logs.files());
        }
        int length = in.getInt();
        LogState state = LogState.restore(in.slice(in.position(), length));
        in.position(in.position() + length);
        log.restore(start, next, epoch, List.of(segments), state);
        return log;
    }
}
