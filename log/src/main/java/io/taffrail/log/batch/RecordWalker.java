package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the records of one stored batch, in order. Records of an uncompressed batch are
 * slices of its buffer and live as long as it does; records of a compressed batch are copies.
 * Methods throw {@link MalformedBatchException} if the batch does not match its header.
 * For a single thread; must be closed.
 */
public final class RecordWalker implements Iterator<RecordView>, AutoCloseable {

    /** Attributes, time and offset take no more of a record. */
    private static final int PLACE_BYTES = 1 + 10 + 5;

    private final long baseOffset;
    private final long baseTimestampMs;
    private final long appendTimeMs;
    private final boolean logAppendTime;
    private final ByteBuffer records;
    private final @Nullable InputStream stream;
    private int left;
    /** Bytes of decompressed records that may still be read. */
    private long inflatableBytes;

    /**
     * As {@link #RecordWalker(ByteBuffer, int)}, with a limit: reading more than
     * {@code mostInflatedBytes} of decompressed records fails before memory for them is allocated.
     */
    public RecordWalker(ByteBuffer buffer, int at, long mostInflatedBytes) {
        this(buffer, at);
        inflatableBytes = mostInflatedBytes;
    }

    /**
     * Starts at the first record of the batch at index {@code at}.
     *
     * @param buffer
     *            contains the whole batch; its position is left unchanged
     */
    public RecordWalker(ByteBuffer buffer, int at) {
        int size = BatchHeader.sizeBytes(buffer, at);
        baseOffset = BatchHeader.baseOffset(buffer, at);
        baseTimestampMs = BatchHeader.baseTimestamp(buffer, at);
        appendTimeMs = BatchHeader.maxTimestamp(buffer, at);
        logAppendTime = BatchHeader.isLogAppendTime(buffer, at);
        left = BatchHeader.recordCount(buffer, at);
        inflatableBytes = Long.MAX_VALUE;
        records = buffer.slice(at + BatchHeader.SIZE_BYTES, size - BatchHeader.SIZE_BYTES);
        int codec = BatchHeader.compression(buffer, at);
        stream = codec == Codec.NONE.id() ? null : open(Codec.of(codec), records);
    }

    /**
     * Starts at the first record of an uncompressed batch that is read piece by piece.
     *
     * @param header
     *            the batch's header, from index 0; left unchanged
     * @param uncompressed
     *            the bytes behind the header; closed with this object
     */
    public RecordWalker(ByteBuffer header, InputStream uncompressed) {
        baseOffset = BatchHeader.baseOffset(header, 0);
        baseTimestampMs = BatchHeader.baseTimestamp(header, 0);
        appendTimeMs = BatchHeader.maxTimestamp(header, 0);
        logAppendTime = BatchHeader.isLogAppendTime(header, 0);
        left = BatchHeader.recordCount(header, 0);
        inflatableBytes = Long.MAX_VALUE;
        records = ByteBuffer.allocate(0);
        stream = uncompressed;
    }

    private static InputStream open(Codec codec, ByteBuffer records) {
        try {
            return codec.decompress(records, BufferSupplier.NO_CACHING);
        } catch (IOException | RuntimeException e) {
            throw new MalformedBatchException(
                    "the records cannot be decompressed as " + codec + ": " + e, e);
        }
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public RecordView next() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        left--;
        try {
            return read(body());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedBatchException("a record ends too early", e);
        }
    }

    /** Where a record is, and when it is from. */
    public record Place(long offset, long timestampMs) {}

    /**
     * As {@link #next}, but reads no more than the place of the record and passes over the rest of
     * it, for which it takes no memory.
     */
    public Place nextPlace() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        left--;
        try {
            ByteBuffer head = stream == null ? body() : head(stream);
            head.get();
            long timestampMs = baseTimestampMs + Varints.readLong(head);
            long offset = baseOffset + Varints.readInt(head);
            return new Place(offset, logAppendTime ? appendTimeMs : timestampMs);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedBatchException("a record ends too early", e);
        }
    }

    private static ByteBuffer head(InputStream stream) {
        try {
            int length = readLength(stream);
            byte[] head = stream.readNBytes(Math.min(length, PLACE_BYTES));
            stream.skipNBytes(length - head.length);
            return ByteBuffer.wrap(head);
        } catch (IOException e) {
            throw new MalformedBatchException("the records cannot be decompressed: " + e, e);
        }
    }

    private ByteBuffer body() {
        if (stream == null) {
            return slice(records, Varints.readInt(records));
        }
        try {
            int length = readLength(stream);
            if (length > inflatableBytes) {
                throw new MalformedBatchException("the decompressed records exceed the reader's"
                        + " limit");
            }
            inflatableBytes -= Math.max(0, length);
            byte[] bytes = stream.readNBytes(length);
            if (bytes.length < length) {
                throw new MalformedBatchException("the records end too early");
            }
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new MalformedBatchException("the records cannot be decompressed: " + e, e);
        }
    }

    private static int readLength(InputStream in) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(5);
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new MalformedBatchException("the records end too early");
            }
            number.put((byte) next);
        } while (next >= 0x80 && number.hasRemaining());
        return Varints.readInt(number.flip());
    }

    private RecordView read(ByteBuffer body) {
        body.get();
        long timestampMs = baseTimestampMs + Varints.readLong(body);
        long offset = baseOffset + Varints.readInt(body);
        ByteBuffer key = field(body);
        ByteBuffer value = field(body);
        return new RecordView(offset, logAppendTime ? appendTimeMs : timestampMs, key, value,
                headers(body));
    }

    private static List<RecordView.Header> headers(ByteBuffer body) {
        int count = Varints.readInt(body);
        if (count == 0) {
            return List.of();
        }
        if (count < 0 || count > body.remaining()) {
            throw new MalformedBatchException("a record has " + count + " headers");
        }
        List<RecordView.Header> headers = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            ByteBuffer name = slice(body, Varints.readInt(body));
            headers.add(new RecordView.Header(name, field(body)));
        }
        return headers;
    }

    private static @Nullable ByteBuffer field(ByteBuffer body) {
        int length = Varints.readInt(body);
        return length < 0 ? null : slice(body, length);
    }

    private static ByteBuffer slice(ByteBuffer from, int length) {
        if (length < 0 || length > from.remaining()) {
            throw new MalformedBatchException("a field of " + length + " bytes, with "
                    + from.remaining() + " left");
        }
        ByteBuffer slice = from.slice(from.position(), length);
        from.position(from.position() + length);
        return slice;
    }

    @Override
    public void close() {
        if (stream == null) {
            return;
        }
        try {
            stream.close();
        } catch (IOException e) {
            throw new MalformedBatchException("the records cannot be decompressed: " + e, e);
        }
    }
}
