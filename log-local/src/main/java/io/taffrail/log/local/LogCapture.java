package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.LogState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The state of one log as a checkpoint records it, captured on the log's owner thread. As bytes:
 *
 * <pre>
 * id length int16 | id | durability int8 (0 fsync, 1 os) | start offset int64 | next offset int64
 * | highest epoch int32 | cleaned to int64 | segments int32 | each: {@link SegmentInfo}
 * | state length int32 | state (LogState's own snapshot)
 * </pre>
 */
record LogCapture(StoredLog log, LogId id, Durability durability, long startOffset, long nextOffset,
        int highestEpoch,
        long cleanedTo, List<Segment> segments, List<SegmentInfo> infos, ByteBuffer state) {

    static LogCapture of(StoredLog log) {
        List<Segment> segments = List.of(log.segments());
        return new LogCapture(log, log.id(), log.durability(), log.startOffset(), log.nextOffset(),
                log.highestEpoch(),
                log.cleanedTo(), segments, segments.stream().map(Segment::info).toList(),
                log.state().snapshot());
    }

    ByteBuffer encode() {
        byte[] name = id.value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(
                2 + name.length + 1 + 20 + 8 + 4 + infos.size() * SegmentInfo.BYTES + 4
                        + state.remaining());
        out.putShort((short) name.length).put(name)
                .put((byte) (durability == Durability.FSYNC ? 0 : 1));
        out.putLong(startOffset).putLong(nextOffset).putInt(highestEpoch).putLong(cleanedTo)
                .putInt(infos.size());
        infos.forEach(it -> it.writeTo(out));
        return out.putInt(state.remaining()).put(state.duplicate()).flip();
    }

    /**
     * Decodes the record of one log and restores it into a log created by {@code logs}.
     *
     * @param old
     *            true for a checkpoint of version 1: it lists the aborted transactions in the state
     *            instead of their number in each segment
     */
    static StoredLog decode(ByteBuffer in, StoredLogs logs, boolean old) {
        byte[] name = new byte[in.getShort()];
        in.get(name);
        Durability durability = in.get() == 0 ? Durability.FSYNC : Durability.OS;
        StoredLog log = logs.create(new LogId(new String(name, StandardCharsets.US_ASCII)),
                durability);
        long start = in.getLong();
        long next = in.getLong();
        int epoch = in.getInt();
        long cleanedTo = in.getLong();
        Segment[] segments = new Segment[in.getInt()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = Segment.restore(log.folder(),
                    old ? SegmentInfo.readOld(in, 0) : SegmentInfo.readFrom(in), logs.files());
        }
        int length = in.getInt();
        LogState state = LogState.restore(in.slice(in.position(), length),
                logs.producers(), it -> addTo(segments, it));
        in.position(in.position() + length);
        log.restore(start, next, epoch, cleanedTo, List.of(segments), state);
        return log;
    }

    /** Adds a transaction from an old checkpoint to the segment that holds its marker. */
    private static void addTo(Segment[] segments, AbortedTransaction aborted) {
        for (int i = segments.length - 1; i >= 0; i--) {
            if (segments[i].baseOffset() <= aborted.lastOffset()) {
                segments[i].aborted().addOld(aborted);
                return;
            }
        }
    }
}
