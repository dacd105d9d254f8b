package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.WritableLog;

/**
 * Gives back the space of settled messages: moves the start of the log up to what is durably
 * settled, when that is worth an entry in the journal.
 */
final class Space {

    /** Of an empty queue so much may stay, lest every little message costs a new segment. */
    private static final int EMPTY_KEEPS_BYTES = 1 << 20;

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
        if (isEmpty && floor == end && sizeBytes > EMPTY_KEEPS_BYTES
                && end == log.nextOffset()) {
            log.roll();
            log.trimTo(end);
        } else if (log.segmentCount() > 1
                && (double) (floor - start) / (end - start) * sizeBytes > log.options()
                        .segmentBytes().bytes()) {
            log.trimTo(floor);
        }
    }
}
