package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Reclaims the space of settled messages. The start of the log moves up to the durable floor of the
 * cursor when that frees enough to be worth an entry in the journal. Behind a message that stays
 * unsettled, the log is told to erase the settled ones. With {@code x-keep-settled}, settled
 * messages are kept for that time so that log readers can still replay them. Owner thread only.
 */
final class Space {

    /**
     * An empty log is trimmed when it is larger than this part of a segment (1 MiB of 16 MiB), so
     * that small messages do not each cost a new segment.
     */
    private static final int EMPTY_KEEPS_PART = 16;

    /** With {@code x-keep-settled}, the log is checked this many times in that span. */
    private static final int LOOKS = 64;

    /**
     * Erasure is considered each time as many messages were settled as fill a segment at this size.
     */
    private static final int LARGE_MESSAGE_BYTES = 4096;

    private final WritableLog log;
    private final CursorLog cursor;
    private final InstantSource clock;
    private final OptionalLong keepMs;
    private long lookAgainMs = Long.MIN_VALUE;
    private long lookedAt;
    /** Number of messages settled above the floor when the log was last told to erase them. */
    private long erased;
    private boolean erasing;

    /**
     * @param keepMs
     *            how long settled messages stay, in milliseconds from publication
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

    /**
     * Erases settled messages above the floor, when about a segment of them was settled since the
     * last time.
     */
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

    /** First offset within the time span for which all messages stay, settled or not. */
    private long oldest(long end) {
        return keepMs.isEmpty()
                ? end
                : log.offsetForTime(clock.millis() - keepMs.getAsLong()).map(TimedOffset::offset)
                        .orElse(end);
    }
}
