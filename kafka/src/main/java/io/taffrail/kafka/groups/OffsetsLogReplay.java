package io.taffrail.kafka.groups;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading of a shard's log from its start to a durable end. Used by one thread. */
final class OffsetsLogReplay {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsLogReplay.class);

    private final ReadableLog log;
    private final CoordinatorPlayback<CoordinatorRecord> playback;
    private final long end;
    private final int readBytes;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private ByteBuffer scratch = ByteBuffer.allocate(0);
    private long lastWritten;
    private long recordCount;
    private long sizeBytes;

    OffsetsLogReplay(ReadableLog log, CoordinatorPlayback<CoordinatorRecord> playback, long end,
            int readBytes) {
        this.log = log;
        this.playback = playback;
        this.end = end;
        this.readBytes = readBytes;
    }

    long recordCount() {
        return recordCount;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void run(BooleanSupplier cancelled) throws IOException {
        long offset = log.startOffset();
        while (offset < end) {
            if (cancelled.getAsBoolean()) {
                throw new NotCoordinatorException("the broker is stopping");
            }
            offset = switch (log.read(offset, end, readBytes, true)) {
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
        written(end);
    }

    /** Applies the batches and returns the next offset to read. */
    private long apply(ByteBuffer batches, long from) {
        sizeBytes += batches.remaining();
        long next = from;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            check(batch);
            if (batch.isControlBatch()) {
                endTransaction(batch);
            } else {
                for (Record record : batch) {
                    if (record.offset() >= from) {
                        replay(batch, record);
                    }
                }
            }
            next = batch.nextOffset();
            written(next);
        }
        if (next == from) {
            throw new LogFailedException(log.id() + " has no whole batch at " + from);
        }
        return next;
    }

    /**
     * Checks a batch's CRC. The engine need not check what it reads, and a flipped bit must not
     * change a committed offset.
     */
    private void check(MutableRecordBatch batch) {
        try {
            batch.ensureValid();
        } catch (CorruptRecordException e) {
            throw new LogFailedException(
                    log.id() + " is damaged in the batch at offset " + batch.baseOffset(), e);
        }
    }

    private void replay(MutableRecordBatch batch, Record record) {
        recordCount++;
        try {
            playback.replay(record.offset(), batch.producerId(), batch.producerEpoch(),
                    serde.deserialize(record.key(), record.value()));
        } catch (UnknownRecordTypeException e) {
            LOG.warn("{} offset {}: a record of a newer version is passed over: {}", log.id(),
                    record.offset(), e.getMessage());
        }
    }

    private void endTransaction(MutableRecordBatch batch) {
        for (Record record : batch) {
            recordCount++;
            switch (ControlRecordType.parse(record.key())) {
                case COMMIT -> playback.replayEndTransactionMarker(batch.producerId(),
                        batch.producerEpoch(), TransactionResult.COMMIT);
                case ABORT -> playback.replayEndTransactionMarker(batch.producerId(),
                        batch.producerEpoch(), TransactionResult.ABORT);
                default -> LOG.warn("{} offset {}: an unknown control record is passed over",
                        log.id(), record.offset());
            }
        }
    }

    /**
     * Tells the playback that everything up to {@code offset} is durable, so that it drops its
     * snapshots.
     */
    private void written(long offset) {
        if (offset > lastWritten) {
            lastWritten = offset;
            playback.updateLastWrittenOffset(offset);
            playback.updateLastCommittedOffset(offset);
        }
    }

    private ByteBuffer bytes(LogSlice slice) throws IOException {
        return switch (slice) {
            case LogSlice.BufferSlice(ByteBuffer buffer, Runnable _) -> buffer.duplicate();
            case LogSlice.FileSlice file -> {
                if (scratch.capacity() < file.sizeBytes()) {
                    scratch = ByteBuffer.allocate(file.sizeBytes());
                }
                scratch.clear().limit(file.sizeBytes());
                while (scratch.hasRemaining()) {
                    int read = file.channel().read(scratch,
                            file.position() + scratch.position());
                    if (read < 0) {
                        throw new EOFException(log.id() + " is shorter than its slice");
                    }
                }
                yield scratch.flip();
            }
        };
    }
}
