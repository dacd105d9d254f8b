package io.taffrail.broker.outbox;

import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.WritableLog;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Reclaims the space of entries that their receivers have. The start of the log moves up to the
 * first outstanding entry; behind that entry the log is told to erase those that are done. Owner
 * thread only.
 */
final class OutboxSpace {

    /**
     * Size in bytes up to which an empty outbox is not trimmed, so that small messages do not each
     * cost a new segment.
     */
    private static final int EMPTY_KEEPS_BYTES = 1 << 20;

    /** All entries below {@code end} except the outstanding ones. */
    private record Done(Roaring64Bitmap outstanding, long end) implements OffsetSet {

        @Override
        public boolean contains(long offset) {
            return offset < end && !outstanding.contains(offset);
        }

        @Override
        public long countBetween(long from, long to) {
            long upTo = Math.min(to, end);
            return from >= upTo ? 0 : upTo - from - (below(upTo) - below(from));
        }

        private long below(long offset) {
            return offset <= 0 ? 0 : outstanding.rankLong(offset - 1);
        }
    }

    private WritableLog log;
    private final Roaring64Bitmap outstanding = new Roaring64Bitmap();
    private boolean erasing;
    /** Number of entries done above the floor when the log was last told to erase them. */
    private long erased;

    OutboxSpace(WritableLog log) {
        this.log = log;
    }

    /** Goes on with the log after it was reopened. */
    void moveTo(WritableLog next) {
        log = next;
        erasing = false;
        erased = 0;
        Outbox.cut(outstanding, next.durableEnd());
    }

    /** Number of entries that their receivers do not have yet. */
    long outstanding() {
        return outstanding.getLongCardinality();
    }

    /** Adds an entry that its receiver does not have yet. */
    void added(long offset) {
        outstanding.addLong(offset);
    }

    /** Removes an entry that is durable at its receiver. */
    void removed(long offset) {
        outstanding.removeLong(offset);
    }

    /** Trims or erases, if that frees enough space. */
    void trim() {
        long start = log.startOffset();
        long end = log.durableEnd();
        long floor = outstanding.isEmpty() ? end : Math.min(end, outstanding.first());
        if (floor == end && end == log.nextOffset() && end > start
                && log.sizeBytes() > EMPTY_KEEPS_BYTES) {
            log.roll();
            log.trimTo(end);
        } else if (floor > start && log.segmentCount() > 1
                && part(floor - start, end - start) > log.options().segmentBytes().bytes()) {
            log.trimTo(floor);
        } else if (!erasing && log.segmentCount() > 1) {
            erase(floor, end);
        }
    }

    private double part(long offsets, long of) {
        return (double) offsets / Math.max(1, of) * log.sizeBytes();
    }

    private void erase(long floor, long end) {
        long above = end - floor - outstanding.getLongCardinality();
        erased = Math.max(0, Math.min(erased, above));
        if (part(above - erased, end - floor - erased) < log.options().segmentBytes().bytes()) {
            return;
        }
        erasing = true;
        erased = above;
        var _ = log.erase(new Done(outstanding.clone(), end))
                .whenComplete((_, _) -> erasing = false);
    }
}
