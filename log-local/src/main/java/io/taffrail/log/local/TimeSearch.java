package io.taffrail.log.local;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Search for a record by timestamp within one batch. */
final class TimeSearch {

    private TimeSearch() {}

    /**
     * Returns the first record with a timestamp at or after {@code timestampMs} whose offset is at
     * least {@code startOffset}.
     */
    static Optional<TimedOffset> firstAtOrAfter(ByteBuffer batch, long timestampMs,
            long startOffset) {
        if (BatchHeader.maxTimestamp(batch, 0) < timestampMs) {
            return Optional.empty();
        }
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordWalker.Place record = records.nextPlace();
                if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                    return Optional.of(new TimedOffset(record.offset(), record.timestampMs(),
                            BatchHeader.leaderEpoch(batch, 0)));
                }
            }
        }
        return Optional.empty();
    }
}
