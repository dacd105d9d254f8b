package io.taffrail.broker.turn;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A reader that replays one of the broker's own logs from start to end: at once, or in steps with
 * about {@value #READ_BYTES} bytes in memory each. Owner thread only.
 */
public final class LogReplay implements Steps.Work {

    private static final int READ_BYTES = 64 << 10;
    /** Most bytes of a compressed batch's records, decompressed; the broker's own are smaller. */
    private static final long MOST_INFLATED_BYTES = 64 << 20;

    /** Takes one record. */
    public interface Reader {

        /**
         * Applies one record.
         *
         * @param value
         *            the record's value; valid during the call only
         */
        void record(long offset, ByteBuffer value);
    }

    private final ReadableLog log;
    private final Reader reader;
    private long next;
    private long sizeBytes;
    private int records;

    /** Creates a replay from the log's start offset to its durable end. */
    public LogReplay(ReadableLog log, Reader reader) {
        this.log = log;
        this.reader = reader;
        this.next = log.startOffset();
    }

    /**
     * Passes every record to the reader; returns the size of their batches in bytes.
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
     * Passes on the next records, until the budget is spent.
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
     * Passes on the records of the whole batches in a buffer, and moves the buffer's position
     * behind them.
     *
     * @param from
     *            offset of the first batch in the buffer
     * @return the first offset behind those batches; {@code from} if there is no whole batch
     * @throws MalformedBatchException
     *             if a batch is damaged, or has more than 64 MiB of records, decompressed
     */
    public static long walk(ByteBuffer batches, long from, Consumer<RecordView> taker) {
        long next = from;
        int at = batches.position();
        while (BatchHeader.isFramed(batches, at, batches.limit())) {
            try (RecordWalker records = new RecordWalker(batches, at, MOST_INFLATED_BYTES)) {
                records.forEachRemaining(taker);
            }
            next = BatchHeader.lastOffset(batches, at) + 1;
            at += BatchHeader.sizeBytes(batches, at);
        }
        batches.position(at);
        return next;
    }

    /**
     * Reads durable batches from {@code from} on: about {@code maxBytes} bytes, but at least one
     * whole batch. Returns a buffer of its own, which belongs to the caller.
     *
     * @throws LogFailedException
     *             if the log cannot be read
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
                        // The loop condition reads.
                    }
                }
            }
            return bytes.flip();
        } catch (IOException e) {
            throw new LogFailedException(log.id() + " cannot be read", e);
        }
    }
}
