package io.taffrail.broker.outbox;

import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.WritableLog;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Gives back the space of what receivers have. The start of the log moves up to the first entry
 * that some receiver lacks; behind that one the log is told to erase the others. Owner thread only.
 */
final class OutboxSpace {

    /** An empty outbox may keep so much, lest every little message costs a new segment. */
    private static final int EMPTY_KEEPS_BYTES = 1 << 20;

    /** All entries below {@code end} but those that some receiver lacks. */
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
    /** Entries that were done above the floor when the log was last told to erase them. */
    private long erased;

    OutboxSpace(WritableLog log) {
        this.log = log;
    }

    /** The log was opened anew, up to its readable end. */
    void moveTo(WritableLog next) {
        log = next;
        erasing = false;
        erased = 0;
        Outbox.cut(outstanding, next.durableEnd());
    }

    /** Entries that some receiver lacks. */
    long outstanding() {
        return outstanding.getLongCardinality();
    }

    /** An entry is in the log, and its receiver lacks it. */
    void added(long offset) {
        outstanding.addLong(offset);
    }

    /** The receiver has the entry, durably. */
    void removed(long offset) {
        outstanding.removeLong(offset);
    }

    /** Gives back what is worth it. */
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
