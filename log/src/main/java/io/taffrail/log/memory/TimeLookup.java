package io.taffrail.log.memory;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Finds records by timestamp with a sequential scan of batches. */
final class TimeLookup {

    private TimeLookup() {}

    /**
     * Returns the first record at or above {@code startOffset} whose timestamp
     * is at least {@code timestampMs}.
     */
    static Optional<TimedOffset> firstAtOrAfter(List<ByteBuffer> batches, long startOffset,
            long timestampMs) {
        return batches.stream().filter(batch -> BatchHeader.maxTimestamp(batch, 0) >= timestampMs)
                .flatMap(batch -> firstIn(batch, startOffset, timestampMs).stream()).findFirst();
    }

    /** Returns the first record whose timestamp is at least the largest one in any batch header. */
    static Optional<TimedOffset> firstOfLargest(List<ByteBuffer> batches, long startOffset) {
        return batches.stream().mapToLong(batch -> BatchHeader.maxTimestamp(batch, 0)).max()
                .stream().filter(largestMs -> largestMs >= 0).boxed().findFirst()
                .flatMap(largestMs -> firstAtOrAfter(batches, startOffset, largestMs));
    }

    private static Optional<TimedOffset> firstIn(ByteBuffer batch, long startOffset,
            long timestampMs) {
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                    return Optional.of(new TimedOffset(record.offset(), record.timestampMs(),
                            BatchHeader.leaderEpoch(batch, 0)));
                }
            }
        }
        return Optional.empty();
    }
}
