package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Gives back the space of settled messages. The start of the log moves up to what is durably
 * settled, when that is worth an entry in the journal; behind a message that nobody settles, the
 * log is told to erase what is. What readers of the log are to find for a time stays so long.
 */
final class Space {

    /**
     * Of an empty queue this part of a segment may stay, lest every little message costs a new
     * one: 1 MiB of 16 MiB.
     */
    private static final int EMPTY_KEEPS_PART = 16;

    /** Where settled messages are kept for a time, that is looked at so often in this time. */
    private static final int LOOKS = 64;

    /** Messages are looked at as they are settled: once for a segment of them of this size. */
    private static final int LARGE_MESSAGE_BYTES = 4096;

    private final WritableLog log;
    private final CursorLog cursor;
    private final InstantSource clock;
    private final OptionalLong keepMs;
    private long lookAgainMs = Long.MIN_VALUE;
    private long lookedAt;
    /** Messages settled above the floor when the log was last told to erase them. */
    private long erased;
    private boolean erasing;

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
        if (settled > start && isTimeToLook()) {
            trim(start, Math.min(settled, oldest(end)), end, isEmpty);
        }
        if (!erasing && cursor.settledCount() > lookedAt) {
            erase();
        }
    }

    private void trim(long start, long upTo, long end, boolean isEmpty) {
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

    /** Behind the floor: where about a segment of messages has been settled since the last time. */
    private void erase() {
        long segmentBytes = log.options().segmentBytes().bytes();
        lookedAt = cursor.settledCount() + segmentBytes / LARGE_MESSAGE_BYTES;
        if (log.segmentCount() < 2) {
            return;
        }
        long above = cursor.cursor().settledAboveFloor();
        erased = Math.min(erased, above);
        long stored = Math.max(1, log.durableEnd() - log.startOffset() - erased);
        if ((double) (above - erased) / stored * log.sizeBytes() < segmentBytes) {
            return;
        }
        erasing = true;
        erased = above;
        cursor.whenDurable(settled -> {
            var _ = log.erase(settled.below(oldest(log.durableEnd())))
                    .whenComplete((_, _) -> erasing = false);
        });
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
