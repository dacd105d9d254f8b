package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Gives back the space of settled messages: moves the start of the log up to what is durably
 * settled, when that is worth an entry in the journal. Those that readers of the log are to find
 * for a time stay so long.
 */
final class Space {

    /**
     * Of an empty queue this part of a segment may stay, lest every little message costs a new
     * one: 1 MiB of 16 MiB.
     */
    private static final int EMPTY_KEEPS_PART = 16;

    /** Where settled messages are kept for a time, that is looked at so often in this time. */
    private static final int LOOKS = 64;

    private final WritableLog log;
    private final CursorLog cursor;
    private final InstantSource clock;
    private final OptionalLong keepMs;
    private long lookAgainMs = Long.MIN_VALUE;

    /**
     * @param keepMs
     *            how long settled messages stay, in milliseconds from when they came
     */
    Space(WritableLog log, CursorLog cursor, InstantSource clock, OptionalLong keepMs) {
        this.log = log;
        this.cursor = cursor;
        this.clock = clock;
        this.keepMs = keepMs;
    }

    void reclaim(boolean isEmpty) {
        long start = log.startOffset();
        long end = log.durableEnd();
        long settled = Math.min(cursor.durableFloor(), end);
        if (settled <= start || !isTimeToLook()) {
            return;
        }
        long upTo = Math.min(settled, oldest(end));
        if (upTo <= start) {
            return;
        }
        long sizeBytes = log.sizeBytes();
        long segmentBytes = log.options().segmentBytes().bytes();
        if (isEmpty && upTo == end && sizeBytes > segmentBytes / EMPTY_KEEPS_PART
                && end == log.nextOffset()) {
            log.roll();
            log.trimTo(end);
        } else if (log.segmentCount() > 1
                && (double) (upTo - start) / (end - start) * sizeBytes > segmentBytes) {
            log.trimTo(upTo);
        }
    }

    private boolean isTimeToLook() {
        if (keepMs.isEmpty()) {
            return true;
        }
        long nowMs = clock.millis();
        if (nowMs < lookAgainMs) {
            return false;
        }
        lookAgainMs = nowMs + keepMs.getAsLong() / LOOKS;
        return true;
    }

    /** First offset of what came so lately that it stays, settled or not. */
    private long oldest(long end) {
        return keepMs.isEmpty()
                ? end
                : log.offsetForTime(clock.millis() - keepMs.getAsLong()).map(TimedOffset::offset)
                        .orElse(end);
    }
}
