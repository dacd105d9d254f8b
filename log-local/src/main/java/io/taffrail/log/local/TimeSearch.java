package io.taffrail.log.local;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Search for a record by timestamp within one batch. */
final class TimeSearch {

    private TimeSearch() {}

    /**
     * Returns the first record of the batch at {@code position} with a timestamp at or after
     * {@code timestampMs} whose offset is at least {@code startOffset}. Of an uncompressed batch
     * only the beginnings of the records are read; of a compressed one the whole batch, as it is
     * stored.
     *
     * @param header
     *            the batch's header
     * @param limit
     *            position behind the last batch of the segment
     */
    static Optional<TimedOffset> firstAtOrAfter(Segment segment, ByteBuffer header, int position,
            int limit, long timestampMs, long startOffset) throws IOException {
        if (BatchHeader.maxTimestamp(header, 0) < timestampMs) {
            return Optional.empty();
        }
        if (BatchHeader.compression(header, 0) != Codec.NONE.id()) {
            return firstAtOrAfter(segment.readBatch(position, limit), timestampMs, startOffset);
        }
        try (RecordWalker records = new RecordWalker(header,
                segment.readRange(position + BatchHeader.SIZE_BYTES,
                        position + BatchHeader.sizeBytes(header, 0)))) {
            return first(records, header, timestampMs, startOffset);
        }
    }

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
            return first(records, batch, timestampMs, startOffset);
        }
    }

    private static Optional<TimedOffset> first(RecordWalker records, ByteBuffer header,
            long timestampMs, long startOffset) {
        while (records.hasNext()) {
            RecordWalker.Place record = records.nextPlace();
            if (record.timestampMs() >= timestampMs && record.offset() >= startOffset) {
                return Optional.of(new TimedOffset(record.offset(), record.timestampMs(),
                        BatchHeader.leaderEpoch(header, 0)));
            }
        }
        return Optional.empty();
    }
}
