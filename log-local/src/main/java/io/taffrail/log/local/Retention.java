package io.taffrail.log.local;

import io.taffrail.log.LogOptions;
import io.taffrail.log.local.segment.Segment;

/**
 * The retention rule by time and size. As in Kafka: oldest first, whole segments,
 * durable ones only.
 */
final class Retention {

    private Retention() {}

    /** First offset that retention keeps; the durable end if it keeps none. */
    static long firstOffsetKept(LogView view, LogOptions options, long nowMs) {
        Segment[] segments = view.segments();
        int gone = 0;
        long size = 0;
        for (Segment segment : segments) {
            size += segment.sizeBytes();
        }
        while (gone < segments.length && isDurable(view, gone) && segments[gone].sizeBytes() > 0
                && (isExpired(segments[gone], options, nowMs)
                        || isSurplus(segments[gone], size, options))) {
            size -= segments[gone].sizeBytes();
            gone++;
        }
        if (gone == 0) {
            return view.startOffset();
        }
        return gone < segments.length ? segments[gone].baseOffset() : view.durableEnd();
    }

    private static boolean isDurable(LogView view, int index) {
        return index < view.durableSegment()
                || (index == view.durableSegment()
                        && view.durablePosition() == view.segments()[index].sizeBytes());
    }

    private static boolean isExpired(Segment segment, LogOptions options, long nowMs) {
        return options.retentionMs().isPresent()
                && nowMs - segment.ageFromMs() > options.retentionMs().getAsLong();
    }

    private static boolean isSurplus(Segment segment, long size, LogOptions options) {
        return options.retentionBytes().isPresent()
                && size - segment.sizeBytes() >= options.retentionBytes().getAsLong();
    }
}
