package io.taffrail.log.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads logs as a client would, and checks the results. Used by tests of any module. */
public final class LogReader {

    private static final int FETCH_BYTES = 64 << 10;

    private LogReader() {}

    /** Returns a copy of a slice's bytes and closes the slice. */
    public static ByteBuffer take(LogSlice slice) {
        try (slice) {
            return copy(slice);
        }
    }

    /** Returns a copy of a slice's bytes; the slice stays open. */
    public static ByteBuffer copy(LogSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        switch (slice) {
            case LogSlice.BufferSlice memory -> bytes.put(memory.buffer().duplicate());
            case LogSlice.FileSlice file -> {
                try {
                    int read = 0;
                    while (bytes.hasRemaining() && read >= 0) {
                        read = file.channel().read(bytes, file.position() + bytes.position());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        assertThat(bytes.hasRemaining()).as("bytes missing in the slice").isFalse();
        return bytes.flip();
    }

    /** Returns the slice of a read's result, which must be {@link ReadResult.Batches}. */
    public static ByteBuffer read(ReadableLog log, long offset, long upTo, int maxBytes,
            boolean oneAtLeast) {
        ReadResult result = log.read(offset, upTo, maxBytes, oneAtLeast);
        assertThat(result).isInstanceOf(ReadResult.Batches.class);
        return take(((ReadResult.Batches) result).slice());
    }

    /**
     * Returns the whole batches at the beginning of {@code bytes}, without an incomplete
     * one at the end.
     */
    public static List<ByteBuffer> batches(ByteBuffer bytes) {
        List<ByteBuffer> batches = new ArrayList<>();
        int at = bytes.position();
        while (bytes.limit() - at >= BatchHeader.SIZE_BYTES
                && BatchHeader.sizeBytes(bytes, at) <= bytes.limit() - at) {
            int size = BatchHeader.sizeBytes(bytes, at);
            batches.add(bytes.slice(at, size));
            at += size;
        }
        return batches;
    }

    /** Returns all durable batches from the one that contains {@code offset}. */
    public static List<ByteBuffer> batches(ReadableLog log, long offset) {
        List<ByteBuffer> all = new ArrayList<>();
        long next = offset;
        long end = log.durableEnd();
        while (next < end) {
            List<ByteBuffer> some = batches(read(log, next, end, FETCH_BYTES, true));
            if (some.isEmpty()) {
                break;
            }
            all.addAll(some);
            next = BatchHeader.lastOffset(some.getLast(), 0) + 1;
        }
        return all;
    }

    /** Returns all durable records at or above {@code offset}. */
    public static List<RecordView> records(ReadableLog log, long offset) {
        List<RecordView> records = new ArrayList<>();
        for (ByteBuffer batch : batches(log, offset)) {
            try (RecordWalker walker = new RecordWalker(batch, 0)) {
                walker.forEachRemaining(record -> {
                    if (record.offset() >= offset) {
                        records.add(record);
                    }
                });
            }
        }
        return records;
    }

    public static List<Long> offsets(ReadableLog log, long from) {
        return records(log, from).stream().map(RecordView::offset).toList();
    }

    /**
     * Reads the log from start to end and checks that checksums are valid and that offsets
     * and epochs never decrease.
     */
    public static void check(ReadableLog log) {
        long start = log.startOffset();
        long previous = -1;
        int epoch = -1;
        for (ByteBuffer batch : batches(log, start)) {
            assertThat(BatchHeader.isWhole(batch, 0, batch.limit())).isTrue();
            assertThat(BatchHeader.baseOffset(batch, 0)).isGreaterThan(previous);
            assertThat(BatchHeader.leaderEpoch(batch, 0)).isGreaterThanOrEqualTo(epoch)
                    .isLessThanOrEqualTo(log.leaderEpoch());
            previous = BatchHeader.lastOffset(batch, 0);
            epoch = BatchHeader.leaderEpoch(batch, 0);
            assertThat(previous).isGreaterThanOrEqualTo(start);
        }
        assertThat(previous).isLessThan(log.durableEnd());
        assertThat(log.lastStableOffset()).isLessThanOrEqualTo(log.durableEnd());
    }
}
