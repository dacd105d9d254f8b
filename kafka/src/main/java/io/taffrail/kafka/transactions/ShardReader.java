package io.taffrail.kafka.transactions;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/** One reading of a shard's log from its start to a durable end. Reads the disk. */
final class ShardReader {

    private final ReadableLog log;
    private final Map<String, TransactionalId> states = new HashMap<>();

    private ShardReader(ReadableLog log) {
        this.log = log;
    }

    /**
     * Returns the latest state of each transactional id below {@code end}.
     *
     * @throws LogFailedException
     *             if the log is damaged or cannot be read; the message names log and offset
     */
    static Map<String, TransactionalId> read(ReadableLog log, long end) {
        ShardReader reader = new ShardReader(log);
        long offset = log.startOffset();
        while (offset < end) {
            offset = reader.next(offset, end);
        }
        return reader.states;
    }

    /**
     * Applies the batch at an offset, or the next one that remains; returns the offset after it.
     */
    private long next(long offset, long end) {
        return switch (log.readVerified(offset)) {
            case ReadResult.Batches(LogSlice slice) -> {
                try (slice) {
                    yield slice.sizeBytes() == 0 ? end : apply(bytes(slice), offset);
                }
            }
            case ReadResult.OutOfRange(long start, long durableEnd) -> {
                if (start <= offset) {
                    throw new LogFailedException(log.id() + " ends at " + durableEnd
                            + " and was to be read from " + offset);
                }
                yield start;
            }
            case ReadResult.Damaged(long _, long _, String detail) ->
                throw new LogFailedException(detail);
            case ReadResult.Unreadable(String detail) -> throw new LogFailedException(detail);
        };
    }

    private long apply(ByteBuffer batches, long from) {
        long next = from;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                if (!batch.isControlBatch()) {
                    apply(record);
                }
            }
            next = Math.max(next, batch.nextOffset());
        }
        if (next == from) {
            throw new LogFailedException(log.id() + " has no whole batch at " + from);
        }
        return next;
    }

    private void apply(Record record) {
        String id = TransactionRecords.id(record);
        if (id == null) {
            return;
        }
        TransactionalId state = TransactionRecords.state(id, record);
        if (state == null) {
            states.remove(id);
        } else {
            states.put(id, state);
        }
    }

    private ByteBuffer bytes(LogSlice slice) {
        return switch (slice) {
            case LogSlice.BufferSlice(ByteBuffer buffer, Runnable _) -> buffer.duplicate();
            case LogSlice.FileSlice file -> {
                ByteBuffer bytes = ByteBuffer.allocate(file.sizeBytes());
                try {
                    while (bytes.hasRemaining()) {
                        if (file.channel().read(bytes, file.position() + bytes.position()) < 0) {
                            throw new EOFException(log.id() + " is shorter than its slice");
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                yield bytes.flip();
            }
        };
    }
}
