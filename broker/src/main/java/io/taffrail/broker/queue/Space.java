package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.WritableLog;

/**
 * Gives back the space of settled messages: moves the start of the log up to what is durably
 * settled, when that is worth an entry in the journal.
 */
final class Space {

    /**
     * Of an empty queue this part of a segment may stay, lest every little message costs a new
     * one: 1 MiB of 16 MiB.
     */
    private static final int EMPTY_KEEPS_PART = 16;

    private final WritableLog log;
    private final CursorLog cursor;

    Space(WritableLog log, CursorLog cursor) {
        this.log = log;
        this.cursor = cursor;
    }

    void reclaim(boolean isEmpty) {
        long start = log.startOffset();
        long end = log.durableEnd();
        long floor = Math.min(cursor.durableFloor(), end);
        if (floor <= start) {
            return;
        }
        long sizeBytes = log.sizeBytes();
        long segmentBytes = log.options().segmentBytes().bytes();
        if (isEmpty && floor == end && sizeBytes > segmentBytes / EMPTY_KEEPS_PART
                && end == log.nextOffset()) {
            log.roll();
            log.trimTo(end);
        } else if (log.segmentCount() > 1
                && (double) (floor - start) / (end - start) * sizeBytes > segmentBytes) {
            log.trimTo(floor);
        }
    }
}
