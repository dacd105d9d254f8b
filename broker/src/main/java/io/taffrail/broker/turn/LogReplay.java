package io.taffrail.broker.turn;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads a log of the broker's own from start to end, when what it says is to be known again. */
public final class LogReplay {

    private static final int READ_BYTES = 1 << 20;

    /** Takes one record. */
    public interface Reader {

        /**
         * Applies what the record says.
         *
         * @param value
         *            valid during the call only
         */
        void record(long offset, ByteBuffer value);
    }

    private LogReplay() {}

    /**
     * Passes every record on; returns the bytes of their batches.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    public static long read(ReadableLog log, Reader reader) {
        long bytes = 0;
        long next = log.startOffset();
        while (next < log.durableEnd()) {
            ByteBuffer batches = batches(log, next, READ_BYTES);
            long before = next;
            next = walk(batches, next, record -> {
                ByteBuffer value = record.value();
                if (value == null) {
                    throw new LogFailedException(log.id() + " holds an empty record");
                }
                reader.record(record.offset(), value);
            });
            if (next == before) {
                throw new LogFailedException(log.id() + " is cut short at " + before);
            }
            bytes += batches.position();
        }
        return bytes;
    }

    /**
     * Passes on the records of the whole batches in a buffer, and moves its position behind them.
     *
     * @param from
     *            where the buffer begins
     * @return the first offset behind those batches; {@code from} if there is none
     */
    public static long walk(ByteBuffer batches, long from, Consumer<RecordView> taker) {
        long next = from;
        int at = batches.position();
        while (BatchHeader.isFramed(batches, at, batches.limit())) {
            try (RecordWalker records = new RecordWalker(batches, at)) {
                records.forEachRemaining(taker);
            }
            next = BatchHeader.lastOffset(batches, at) + 1;
            at += BatchHeader.sizeBytes(batches, at);
        }
        batches.position(at);
        return next;
    }

    /**
     * What the log holds from {@code from} on: about so many bytes, and a whole batch at least.
     *
     * @throws LogFailedException
     *             if it cannot be read
     */
    public static ByteBuffer batches(ReadableLog log, long from, int maxBytes) {
        ReadResult result = log.read(from, log.durableEnd(), maxBytes, true);
        if (!(result instanceof ReadResult.Batches(LogSlice slice))) {
            throw new LogFailedException(log.id() + " cannot be read: " + result);
        }
        try (slice) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            switch (slice) {
                case LogSlice.BufferSlice memory -> bytes.put(memory.buffer().duplicate());
                case LogSlice.FileSlice file -> {
                    while (bytes.hasRemaining() && file.channel().read(bytes,
                            file.position() + bytes.position()) >= 0) {
                        // Reads on.
                    }
                }
            }
            return bytes.flip();
        } catch (IOException e) {
            throw new LogFailedException(log.id() + " cannot be read", e);
        }
    }
}
