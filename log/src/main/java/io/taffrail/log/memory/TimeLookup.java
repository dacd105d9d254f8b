package io.taffrail.log.memory;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Finds offsets by timestamp, to the batch. */
final class TimeLookup {

    private TimeLookup() {}

    static Optional<TimedOffset> firstAtOrAfter(List<ByteBuffer> batches, long startOffset,
            long timestampMs) {
        return batches.stream().filter(batch -> BatchHeader.maxTimestamp(batch, 0) >= timestampMs)
                .findFirst().map(batch -> timed(batch, startOffset));
    }

    static Optional<TimedOffset> firstOfLargest(List<ByteBuffer> batches, long startOffset) {
        ByteBuffer largest = null;
        for (ByteBuffer batch : batches) {
            if (largest == null || BatchHeader.maxTimestamp(batch, 0) > BatchHeader
                    .maxTimestamp(largest, 0)) {
                largest = batch;
            }
        }
        return Optional.ofNullable(largest).map(batch -> timed(batch, startOffset));
    }

    private static TimedOffset timed(ByteBuffer batch, long startOffset) {
        return new TimedOffset(Math.max(startOffset, BatchHeader.baseOffset(batch, 0)),
                BatchHeader.maxTimestamp(batch, 0), BatchHeader.leaderEpoch(batch, 0));
    }
}
