package io.taffrail.log.local;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.Segment;
import java.nio.ByteBuffer;

/** The rule for beginning a new segment. As in Kafka: by size, age and span of offsets. */
final class RollRule {

    private RollRule() {}

    /**
     * True if the batch must begin a new segment.
     *
     * @param position
     *            position of the batch in the active segment, in bytes
     * @param offset
     *            the first offset of the batch
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
     * Largest age of the active segment, in milliseconds. Kafka's rule: records that must
     * be compacted within {@code max.compaction.lag.ms} must leave the active segment
     * within that time.
     */
    private static long ageMs(LogOptions options) {
        long age = options.segmentAge().toMillis();
        CompactionOptions compaction = options.compaction();
        return compaction.enabled() ? Math.min(age, compaction.maxLag().toMillis()) : age;
    }
}
