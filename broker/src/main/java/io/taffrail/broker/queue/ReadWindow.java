package io.taffrail.broker.queue;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A buffered reader of a log's messages. It reads ahead at most {@link #READ_BYTES}, or one batch
 * where that is larger. Owner thread only.
 */
public final class ReadWindow {

    public static final int READ_BYTES = 64 << 10;

    private static final int LARGE_BYTES = 1 << 20;

    /** Most offsets in a read of committed messages, which bounds the aborted transactions. */
    private static final int MOST_OFFSETS = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(ReadWindow.class);

    private final ReadableLog log;
    private final LostRanges lost;
    private final @Nullable ReadRoom room;
    private final boolean committed;
    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private @Nullable LogSlice held;
    private boolean standing;
    private long soughtFrom;
    /** Offset of the next read, behind all that was read or skipped. */
    private long unread;

    /** Creates a window that keeps damaged ranges to itself. */
    public ReadWindow(ReadableLog log) {
        this(log, new LostRanges(log.id()));
    }

    /**
     * @param lost
     *            records damaged ranges that are skipped
     */
    public ReadWindow(ReadableLog log, LostRanges lost) {
        this(log, lost, null);
    }

    /**
     * As {@link #ReadWindow(ReadableLog, LostRanges)}, where the window is kept from one use to the
     * next.
     *
     * @param room
     *            bounds what this window and others keep, or null
     */
    ReadWindow(ReadableLog log, LostRanges lost, @Nullable ReadRoom room) {
        this(log, lost, room, false);
    }

    private ReadWindow(ReadableLog log, LostRanges lost, @Nullable ReadRoom room,
            boolean committed) {
        this.log = log;
        this.lost = lost;
        this.room = room;
        this.committed = committed;
    }

    /**
     * A window of the committed messages of a log that Kafka clients may write transactions to: it
     * ends at the last stable offset and skips what was aborted.
     *
     * @param lost
     *            records damaged ranges that are skipped
     */
    public static ReadWindow ofCommitted(ReadableLog log, LostRanges lost) {
        return new ReadWindow(log, lost, null, true);
    }

    /** First offset that this window may not read yet. */
    private long end() {
        return committed ? log.lastStableOffset() : log.durableEnd();
    }

    /**
     * Moves to the first readable message at or above {@code offset}, skipping damaged ranges;
     * false if there is none.
     *
     * @throws LogFailedException
     *             if the log cannot be read for another reason than damage
     */
    public boolean seek(long offset) {
        if (standing && offset >= soughtFrom && offset <= cursor.offset()) {
            return true;
        }
        boolean ahead = standing && offset > cursor.offset();
        standing = false;
        long from = Math.max(offset, log.startOffset());
        if (ahead) {
            if (step(offset)) {
                return standAt(offset);
            }
            from = Math.max(from, unread);
        }
        while (from < end()) {
            unread = from;
            if (read(from) && step(from)) {
                return standAt(offset);
            }
            if (unread <= from) {
                return false;
            }
            from = unread;
        }
        return false;
    }

    /**
     * Moves to the first message at or above {@code atLeast} in the buffer; if there is none,
     * {@link #unread} is the offset to read next.
     */
    private boolean step(long atLeast) {
        try {
            boolean found = cursor.next(atLeast);
            unread = Math.max(unread, cursor.nextOffset());
            return found;
        } catch (MalformedBatchException | IllegalArgumentException | IndexOutOfBoundsException
                | BufferUnderflowException e) {
            long failed = cursor.failedAt(atLeast);
            close();
            verify(failed, e);
            return false;
        }
    }

    /** Records a batch that cannot be parsed as damaged, and skips it. */
    private void verify(long offset, RuntimeException cause) {
        switch (log.readVerified(offset)) {
            case ReadResult.Damaged damage -> passOver(damage);
            case ReadResult.Batches(LogSlice.BufferSlice sound) -> {
                try (sound) {
                    ByteBuffer batch = sound.buffer();
                    long end = BatchHeader.isFramed(batch, batch.position(), batch.limit())
                            ? BatchHeader.lastOffset(batch, batch.position()) + 1
                            : offset + 1;
                    lost.add(offset, Math.max(end, offset + 1), "what is stored is no message: "
                            + cause);
                    unread = Math.max(end, offset + 1);
                }
            }
            case ReadResult.Batches(LogSlice slice) -> {
                slice.close();
                throw new LogFailedException(log.id() + " cannot be read at " + offset, cause);
            }
            case ReadResult.OutOfRange _ -> unread = offset;
            case ReadResult.Unreadable(String detail) ->
                throw new LogFailedException(log.id() + " cannot be read: " + detail, cause);
        }
    }

    private void passOver(ReadResult.Damaged damage) {
        lost.add(damage.offset(), damage.nextOffset(), damage.detail());
        unread = damage.nextOffset();
    }

    private boolean standAt(long offset) {
        standing = true;
        soughtFrom = offset;
        return true;
    }

    /** Reads into the buffer from this offset on; false if nothing is readable there. */
    private boolean read(long from) {
        close();
        long end = end();
        long upTo = end;
        if (committed) {
            // Looked up before the records are read, because compaction forgets a transaction
            // after it has removed its records.
            upTo = Math.min(end, from + MOST_OFFSETS);
            cursor.skip(log.abortedTransactions(from, upTo));
        }
        ReadResult result = log.read(from, upTo, READ_BYTES, true);
        if (upTo < end && result instanceof ReadResult.Batches(LogSlice slice)
                && slice.sizeBytes() == 0) {
            // One batch of so many records, or compaction has removed all of these.
            slice.close();
            cursor.skip(log.abortedTransactions(from, end));
            result = log.readVerified(from);
        }
        if (isBehind(result, end)) {
            return false;
        }
        if (result instanceof ReadResult.Batches(LogSlice slice)) {
            try {
                open(slice);
                return true;
            } catch (IOException e) {
                LOG.debug("{} cannot be read ahead at {}", log.id(), from, e);
                result = log.readVerified(from);
                if (isBehind(result, end)) {
                    return false;
                }
            }
        }
        return opened(result);
    }

    /** Whether a batch in memory was read that is not below the end; it is released. */
    private static boolean isBehind(ReadResult result, long end) {
        if (result instanceof ReadResult.Batches(LogSlice.BufferSlice slice)) {
            ByteBuffer batch = slice.buffer();
            if (batch.hasRemaining()
                    && BatchHeader.baseOffset(batch, batch.position()) >= end) {
                slice.close();
                return true;
            }
        }
        return false;
    }

    private boolean opened(ReadResult result) {
        return switch (result) {
            case ReadResult.Batches(LogSlice slice) -> {
                try {
                    open(slice);
                } catch (IOException e) {
                    throw new LogFailedException(log.id() + " cannot be read", e);
                }
                yield true;
            }
            case ReadResult.OutOfRange _ -> false;
            case ReadResult.Damaged damage -> {
                passOver(damage);
                yield false;
            }
            case ReadResult.Unreadable(String detail) ->
                throw new LogFailedException(log.id() + " cannot be read: " + detail);
        };
    }

    private void open(LogSlice slice) throws IOException {
        switch (slice) {
            case LogSlice.BufferSlice memory -> {
                held = slice;
                cursor.open(memory.buffer());
            }
            case LogSlice.FileSlice file -> {
                try (file) {
                    cursor.open(fill(file));
                }
            }
        }
    }

    private ByteBuffer fill(LogSlice.FileSlice file) throws IOException {
        int size = file.sizeBytes();
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(size);
        }
        if (room != null) {
            room.keeps(this, buffer.capacity());
        }
        buffer.clear().limit(size);
        while (buffer.hasRemaining()) {
            if (file.channel().read(buffer, file.position() + buffer.position()) < 0) {
                throw new EOFException(log.id() + " ends before its end");
            }
        }
        return buffer.flip();
    }

    /** The current message, valid until the next call of another method. */
    public RecordCursor message() {
        return cursor;
    }

    /** Whether the buffer is so large that it should be released when it is not used soon. */
    public boolean holdsMuch() {
        return buffer.capacity() > LARGE_BYTES || cursor.holdsMuch();
    }

    /** As {@link #close}, and releases the memory of the buffer; the window may be used again. */
    public void release() {
        close();
        buffer = ByteBuffer.allocate(0);
        if (room != null) {
            room.released(this);
        }
    }

    /** Drops the content of the buffer; the window may be used again. */
    public void close() {
        standing = false;
        cursor.close();
        LogSlice slice = held;
        held = null;
        if (slice != null) {
            slice.close();
        }
    }
}
