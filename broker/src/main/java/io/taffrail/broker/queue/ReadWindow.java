package io.taffrail.broker.queue;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A look at a log's messages through a buffer: reads ahead at most {@link #READ_BYTES}, or one
 * batch where that is larger. Owner thread only.
 */
public final class ReadWindow {

    public static final int READ_BYTES = 64 << 10;

    private final ReadableLog log;
    private final RecordCursor cursor = new RecordCursor();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private @Nullable LogSlice held;
    private boolean standing;
    private long soughtFrom;

    public ReadWindow(ReadableLog log) {
        this.log = log;
    }

    /**
     * Stands at the first readable message at or above {@code offset}; false if there is none.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    public boolean seek(long offset) {
        if (standing && offset >= soughtFrom && offset <= cursor.offset()) {
            return true;
        }
        boolean ahead = standing && offset > cursor.offset();
        standing = false;
        if (ahead && cursor.next(offset)) {
            return standAt(offset);
        }
        long from = Math.max(offset, log.startOffset());
        if (ahead) {
            from = Math.max(from, cursor.nextOffset());
        }
        while (from < log.durableEnd()) {
            if (!read(from)) {
                return false;
            }
            if (cursor.next(from)) {
                return standAt(offset);
            }
            if (cursor.nextOffset() <= from) {
                return false;
            }
            from = cursor.nextOffset();
        }
        return false;
    }

    private boolean standAt(long offset) {
        standing = true;
        soughtFrom = offset;
        return true;
    }

    private boolean read(long from) {
        close();
        return switch (log.read(from, log.durableEnd(), READ_BYTES, true)) {
            case ReadResult.Batches(LogSlice slice) -> {
                open(slice);
                yield true;
            }
            case ReadResult.OutOfRange _ -> false;
            case ReadResult.Damaged(long _, long _, String detail) ->
                throw new LogFailedException(log.id() + " cannot be read: " + detail);
            case ReadResult.Unreadable(String detail) ->
                throw new LogFailedException(log.id() + " cannot be read: " + detail);
        };
    }

    private void open(LogSlice slice) {
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

    private ByteBuffer fill(LogSlice.FileSlice file) {
        int size = file.sizeBytes();
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocate(size);
        }
        buffer.clear().limit(size);
        try {
            while (buffer.hasRemaining()) {
                if (file.channel().read(buffer, file.position() + buffer.position()) < 0) {
                    throw new EOFException(log.id() + " ends before its end");
                }
            }
        } catch (IOException e) {
            throw new LogFailedException(log.id() + " cannot be read", e);
        }
        return buffer.flip();
    }

    /** The message it stands at, valid until the next call of another method. */
    public RecordCursor message() {
        return cursor;
    }

    /** As {@link #close}, and lets go of the memory too; it may be used again. */
    public void release() {
        close();
        buffer = ByteBuffer.allocate(0);
    }

    /** Lets go of buffers. */
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
