package io.taffrail.simulation.engine;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of a log that works as a client does and checks every batch's checksum. */
final class CheckedBatches {

    private static final int READ_BYTES = 3_000;

    /** A record at its offset. */
    record Stored(long offset, @Nullable String key, @Nullable String value) {}

    /** A batch as read. */
    record Batch(long baseOffset, long lastOffset, int crc, List<Stored> records) {}

    /** The result of reading the rest of a log. */
    sealed interface Outcome {

        record Read(List<Batch> batches) implements Outcome {}

        /** The log or the client detected damage and reported it. */
        record Damaged(List<Batch> before, String detail) implements Outcome {}
    }

    private CheckedBatches() {}

    static Outcome read(ReadableLog log, long from) {
        List<Batch> found = new ArrayList<>();
        long offset = from;
        while (offset < log.durableEnd()) {
            ReadResult result = log.read(offset, Long.MAX_VALUE, READ_BYTES, true);
            if (!(result instanceof ReadResult.Batches batches)) {
                return new Outcome.Damaged(found, result.toString());
            }
            try (LogSlice slice = batches.slice()) {
                long next = parse(slice, offset, found);
                if (next < 0) {
                    return new Outcome.Damaged(found,
                            "checksum of the batch for offset " + offset + " is wrong");
                }
                if (next == offset) {
                    // The log has no batch up to its end: compaction may remove the last offsets.
                    break;
                }
                offset = next;
            }
        }
        return new Outcome.Read(found);
    }

    /** Returns the offset behind the last whole batch, or -1 if a batch is not as stored. */
    private static long parse(LogSlice slice, long from, List<Batch> into) {
        ByteBuffer bytes = ((LogSlice.BufferSlice) slice).buffer().duplicate();
        long offset = from;
        int at = bytes.position();
        boolean first = true;
        while (bytes.limit() - at >= BatchHeader.SIZE_BYTES
                && (first || BatchHeader.isFramed(bytes, at, bytes.limit()))) {
            if (!BatchHeader.isWhole(bytes, at, bytes.limit())) {
                return -1;
            }
            into.add(batch(bytes, at));
            offset = BatchHeader.lastOffset(bytes, at) + 1;
            at += BatchHeader.sizeBytes(bytes, at);
            first = false;
        }
        return offset;
    }

    private static Batch batch(ByteBuffer bytes, int at) {
        List<Stored> records = new ArrayList<>();
        try (RecordWalker walker = new RecordWalker(bytes, at)) {
            while (walker.hasNext()) {
                RecordView record = walker.next();
                records.add(new Stored(record.offset(), text(record.key()),
                        text(record.value())));
            }
        }
        return new Batch(BatchHeader.baseOffset(bytes, at), BatchHeader.lastOffset(bytes, at),
                BatchHeader.crc(bytes, at), records);
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
