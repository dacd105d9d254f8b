package io.taffrail.log.local;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.Segment;
import java.nio.ByteBuffer;

/** When a batch begins a new segment: Kafka's rules of size, age and span of offsets. */
final class RollRule {

    private RollRule() {}

    /**
     * Whether a batch has to begin a new segment.
     *
     * @param position
     *            where it would lie in the active segment, in bytes
     * @param offset
     *            the first it would get
     */
    static boolean isDue(Segment active, int position, long offset, ByteBuffer batch,
            LogOptions options) {
        int at = batch.position();
        long offsets = offset + BatchHeader.lastOffsetDelta(batch, at) - active.baseOffset();
        boolean tooLarge = position > options.segmentBytes().bytes() - batch.remaining();
        boolean tooOld = active.firstTimestampMs() >= 0
                && BatchHeader.maxTimestamp(batch, at) - active.firstTimestampMs() > ageMs(options);
        return position > 0 && (tooLarge || tooOld || offsets > Integer.MAX_VALUE);
    }

    /**
     * Kafka's rule: what must be compacted within some time has to leave the active segment in that
     * time.
     */
    private static long ageMs(LogOptions options) {
        long age = options.segmentAge().toMillis();
        CompactionOptions compaction = options.compaction();
        return compaction.enabled() ? Math.min(age, compaction.maxLag().toMillis()) : age;
    }
}
