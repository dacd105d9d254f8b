package io.taffrail.broker.turn;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
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

/**
 * Reads a log of the broker's own from start to end, when what it says is to be known again: at
 * once, or in steps in which about {@value #READ_BYTES} bytes are in memory. Owner thread only.
 */
public final class LogReplay implements Steps.Work {

    private static final int READ_BYTES = 64 << 10;

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

    private final ReadableLog log;
    private final Reader reader;
    private long next;
    private long sizeBytes;
    private int records;

    public LogReplay(ReadableLog log, Reader reader) {
        this.log = log;
        this.reader = reader;
        this.next = log.startOffset();
    }

    /**
     * Passes every record on; returns the bytes of their batches.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    public static long read(ReadableLog log, Reader reader) {
        LogReplay replay = new LogReplay(log, reader);
        while (!replay.isOver()) {
            replay.readOn();
        }
        return replay.sizeBytes;
    }

    /**
     * Passes on the next records.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    @Override
    public boolean goOn(Budget budget) {
        while (!isOver() && !budget.isSpent()) {
            long before = sizeBytes;
            records = 0;
            readOn();
            budget.spend(records, sizeBytes - before);
        }
        return isOver();
    }

    /** Bytes of the batches passed on so far. */
    public long sizeBytes() {
        return sizeBytes;
    }

    private boolean isOver() {
        return next >= log.durableEnd();
    }

    private void readOn() {
        ByteBuffer batches = batches(log, next, READ_BYTES);
        long before = next;
        next = walk(batches, next, record -> {
            ByteBuffer value = record.value();
            if (value == null) {
                throw new LogFailedException(log.id() + " holds an empty record");
            }
            records++;
            reader.record(record.offset(), value);
        });
        if (next == before) {
            throw new LogFailedException(log.id() + " is cut short at " + before);
        }
        sizeBytes += batches.position();
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
