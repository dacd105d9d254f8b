package io.taffrail.log.local.segment;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** File names of a segment, and the check of its first batch. */
public final class SegmentFile {

    private SegmentFile() {}

    /** Path of the batches. */
    public static Path log(Path folder, SegmentInfo info) {
        return folder.resolve(stem(info.baseOffset(), info.generation()) + ".log");
    }

    /** Path of the index. */
    public static Path index(Path folder, SegmentInfo info) {
        return folder.resolve(stem(info.baseOffset(), info.generation()) + ".index");
    }

    /** Path of the index of aborted transactions. */
    public static Path aborted(Path folder, SegmentInfo info) {
        return folder.resolve(stem(info.baseOffset(), info.generation()) + ".txnindex");
    }

    static String stem(long baseOffset, int generation) {
        return generation == 0
                ? "%020d".formatted(baseOffset)
                : "%020d.c%d".formatted(baseOffset, generation);
    }

    /**
     * Returns the reason why a header cannot be that of the segment's first batch; empty if it can.
     * A segment begins with its base offset (after compaction, at or behind it) and with the
     * recorded timestamp.
     */
    public static String wrongBeginning(SegmentInfo info, ByteBuffer header) {
        if (BatchHeader.magic(header, 0) != BatchHeader.MAGIC) {
            return "no batch begins at 0";
        }
        long offset = BatchHeader.baseOffset(header, 0);
        boolean right = info.generation() == 0
                ? offset == info.baseOffset()
                : offset >= info.baseOffset();
        if (!right) {
            return "its first offset is " + offset;
        }
        long timestamp = BatchHeader.maxTimestamp(header, 0);
        if (timestamp >= 0 && timestamp != info.firstTimestampMs()) {
            return "the timestamp of its first batch is %d, not %d".formatted(timestamp,
                    info.firstTimestampMs());
        }
        return "";
    }
}
