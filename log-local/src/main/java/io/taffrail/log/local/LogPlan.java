package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The expected state of one log after recovery, computed from checkpoint and journal. Follows the
 * rules of {@link StoredLog} without touching a file.
 */
final class LogPlan {

    /**
     * A segment of the plan.
     *
     * @param forcedBytes
     *            number of bytes already on disk according to a checkpoint or compaction;
     *            later bytes may have to come from the journal
     */
    record Part(SegmentInfo info, int forcedBytes) {}

    private final LogId id;
    private final List<Part> parts = new ArrayList<>();
    private Durability durability;
    private boolean unjournaled;
    private long startOffset;
    private long nextOffset;
    private boolean trimmed;

    LogPlan(LogId id, Durability durability) {
        this.id = id;
        durability(durability);
    }

    /** Returns the plan for a log as a checkpoint recorded it. */
    static LogPlan of(StoredLog log) {
        LogPlan plan = new LogPlan(log.id(), log.durability());
        plan.startOffset = log.startOffset();
        plan.nextOffset = log.nextOffset();
        for (var segment : log.segments()) {
            plan.parts.add(new Part(segment.info(), segment.sizeBytes()));
        }
        return plan;
    }

    LogId id() {
        return id;
    }

    Durability durability() {
        return durability;
    }

    /**
     * True if batches of durability {@code os}, which are not in the journal, may follow
     * the planned end.
     */
    boolean isUnjournaled() {
        return unjournaled;
    }

    long startOffset() {
        return startOffset;
    }

    long nextOffset() {
        return nextOffset;
    }

    /** Segments in offset order. */
    List<Part> parts() {
        return parts;
    }

    void durability(Durability value) {
        durability = value;
        unjournaled |= value != Durability.FSYNC;
    }

    void append(long segmentBase, int position, ByteBuffer batch) {
        long baseOffset = BatchHeader.baseOffset(batch, 0);
        if (baseOffset < nextOffset) {
            return;
        }
        if (baseOffset > nextOffset && !unjournaled) {
            throw new LogFailedException(
                    "%s: the journal continues at offset %d, the log ends at %d: %s"
                            .formatted(id, baseOffset, nextOffset,
                                    "records in between are missing"));
        }
        nextOffset = BatchHeader.lastOffset(batch, 0) + 1;
        long timestamp = BatchHeader.maxTimestamp(batch, 0);
        int size = position + batch.limit();
        if (parts.isEmpty() || parts.getLast().info.baseOffset() != segmentBase) {
            parts.add(new Part(new SegmentInfo(segmentBase, 0, size, timestamp, timestamp, 0,
                    0), 0));
            return;
        }
        Part last = parts.removeLast();
        SegmentInfo info = last.info;
        long first = info.firstTimestampMs() < 0 ? timestamp : info.firstTimestampMs();
        parts.add(new Part(new SegmentInfo(info.baseOffset(), info.generation(), size, first,
                Math.max(info.maxTimestampMs(), timestamp), info.lastAppendMs(), info.aborted()),
                last.forcedBytes));
    }

    void trimTo(long offset) {
        trimmed |= offset > startOffset;
        startOffset = Math.max(startOffset, offset);
        nextOffset = Math.max(nextOffset, startOffset);
        while (parts.size() > 1 && parts.get(1).info.baseOffset() <= startOffset) {
            parts.removeFirst();
        }
        if (startOffset == nextOffset && !parts.isEmpty()) {
            // No record of this segment is part of the log; its file may be missing.
            Part last = parts.removeLast();
            parts.add(new Part(last.info, 0));
        }
    }

    /** Removes segments below the start again, as recovery does after the replay. */
    void dropTrimmed() {
        if (trimmed) {
            trimTo(startOffset);
        }
    }

    void replace(long from, long to, List<SegmentInfo> fresh) {
        List<Part> old = parts.stream().filter(
                it -> it.info.baseOffset() >= from && it.info.baseOffset() < to).toList();
        boolean done = !old.isEmpty() && !fresh.isEmpty()
                && old.getFirst().info.baseOffset() == fresh.getFirst().baseOffset()
                && old.getFirst().info.generation() >= fresh.getFirst().generation();
        if (old.isEmpty() || done) {
            return;
        }
        nextOffset = Math.max(nextOffset, to);
        int at = parts.indexOf(old.getFirst());
        parts.removeAll(old);
        parts.addAll(at, fresh.stream().map(it -> new Part(it, it.sizeBytes())).toList());
    }
}
