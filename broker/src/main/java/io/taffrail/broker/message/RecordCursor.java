package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.batch.Varints;
import io.taffrail.log.spi.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the messages of stored batches, which reads them in place and is itself the view of
 * the current message. Not thread-safe. It allocates nothing per message, except for compressed
 * batches and foreign records.
 */
public final class RecordCursor implements StoredMessage {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * Largest decompressed batch in bytes; a larger one cannot be read as messages. Equals the
     * default limit for what the broker accepts.
     */
    static final long MOST_INFLATED_BYTES = 64 << 20;
    /** Body size in bytes from which the memory of a record should be released early. */
    private static final int LARGE_BYTES = 4 << 20;

    private ByteBuffer chunk = NOTHING;
    private ByteBuffer in = NOTHING;
    private int batchEnd;
    private int left;
    private int recordEnd;
    private boolean control;
    /** True while the current batch is that of {@link #baseOffset}. */
    private boolean inBatch;
    private long baseOffset;
    private long baseTimestampMs;
    private long nextOffset;
    private @Nullable RecordWalker walker;
    private List<AbortedTransaction> aborted = List.of();

    private long offset;
    private long timestampMs;
    private int keyAt;
    private int keyLength;
    private int bodyAt;
    private int bodyLength;
    private int envelopeAt;
    private int envelopeLength;
    private ByteBuffer view = NOTHING;
    private final ForeignRecord foreign = new ForeignRecord();
    private boolean isForeign;

    /**
     * Begins with the whole batches between the buffer's position and limit; a batch cut short at
     * the end is ignored. The buffer must not change until {@link #close}.
     */
    public void open(ByteBuffer batches) {
        chunk = batches;
        in = batches.duplicate();
        view = batches.duplicate();
        batchEnd = batches.position();
        left = 0;
        inBatch = false;
        walker = null;
        nextOffset = -1;
    }

    /** Skips the records of these transactions from now on, also in other buffers. */
    public void skip(List<AbortedTransaction> transactions) {
        aborted = transactions;
    }

    /** Drops the reference to the buffer. */
    public void close() {
        open(NOTHING);
    }

    /**
     * Moves to the first message at or above {@code atLeast}, skipping control records; false if
     * the buffer has no more whole batches.
     */
    public boolean next(long atLeast) {
        while (true) {
            while (left > 0) {
                left--;
                readRecord();
                if (offset >= atLeast) {
                    return true;
                }
            }
            if (!openBatch(atLeast)) {
                return false;
            }
        }
    }

    private boolean openBatch(long atLeast) {
        inBatch = false;
        while (true) {
            int at = batchEnd;
            int limit = chunk.limit();
            if (limit - at < BatchHeader.SIZE_BYTES
                    || BatchHeader.sizeBytes(chunk, at) > limit - at) {
                return false;
            }
            batchEnd = at + BatchHeader.sizeBytes(chunk, at);
            nextOffset = BatchHeader.lastOffset(chunk, at) + 1;
            control = BatchHeader.isControl(chunk, at);
            if (nextOffset > atLeast && !control && !isAborted(at)) {
                enterBatch(at);
                return true;
            }
        }
    }

    private boolean isAborted(int at) {
        if (aborted.isEmpty() || !BatchHeader.isTransactional(chunk, at)) {
            return false;
        }
        long base = BatchHeader.baseOffset(chunk, at);
        long producer = BatchHeader.producerId(chunk, at);
        for (AbortedTransaction each : aborted) {
            if (each.producerId() == producer && each.firstOffset() <= base
                    && base < each.lastOffset()) {
                return true;
            }
        }
        return false;
    }

    private void enterBatch(int at) {
        baseOffset = BatchHeader.baseOffset(chunk, at);
        inBatch = true;
        baseTimestampMs = BatchHeader.baseTimestamp(chunk, at);
        left = BatchHeader.recordCount(chunk, at);
        if (BatchHeader.compression(chunk, at) == Codec.NONE.id()
                && !BatchHeader.isLogAppendTime(chunk, at)) {
            walker = null;
            recordEnd = at + BatchHeader.SIZE_BYTES;
        } else {
            walker = new RecordWalker(chunk, at, MOST_INFLATED_BYTES);
        }
    }

    private void readRecord() {
        if (walker != null) {
            foreign(walker.next());
            return;
        }
        in.limit(batchEnd).position(recordEnd);
        int length = Varints.readInt(in);
        recordEnd = in.position() + length;
        in.get();
        timestampMs = baseTimestampMs + Varints.readLong(in);
        offset = baseOffset + Varints.readInt(in);
        keyLength = Varints.readInt(in);
        keyAt = in.position();
        in.position(keyAt + Math.max(0, keyLength));
        bodyLength = Varints.readInt(in);
        bodyAt = in.position();
        in.position(bodyAt + Math.max(0, bodyLength));
        int headersAt = in.position();
        isForeign = Varints.readInt(in) == 0 || !readEnvelope();
        if (isForeign) {
            in.position(headersAt);
            foreign(new RecordView(offset, timestampMs, field(keyAt, keyLength),
                    field(bodyAt, bodyLength), ForeignRecord.headers(in)));
        }
    }

    /** Whether the first header, at the buffer's position, is a valid envelope. */
    private boolean readEnvelope() {
        int nameLength = Varints.readInt(in);
        int at = in.position();
        if (nameLength != 4 || in.getInt(at) != 0x616d7170) {
            return false;
        }
        in.position(at + 4);
        envelopeLength = Varints.readInt(in);
        envelopeAt = in.position();
        return keyLength <= ForeignRecord.SHORT_BYTES
                && EnvelopeCheck.isWhole(chunk, envelopeAt, envelopeLength);
    }

    private void foreign(RecordView record) {
        offset = record.offset();
        timestampMs = record.timestampMs();
        isForeign = true;
        foreign.read(record);
    }

    /** Offset of the current message. */
    public long offset() {
        return offset;
    }

    /** First offset of the batch of the current message. */
    public long batchOffset() {
        return baseOffset;
    }

    /**
     * After {@link #next} threw: the first offset, at or above {@code atLeast}, that could not be
     * read.
     */
    public long failedAt(long atLeast) {
        return Math.max(atLeast, inBatch ? baseOffset : nextOffset);
    }

    /** First offset behind the batches read so far, or -1 before the first one. */
    public long nextOffset() {
        return nextOffset;
    }

    private @Nullable ByteBuffer field(int at, int length) {
        return length < 0 ? null : chunk.slice(at, length);
    }

    private ByteBuffer slice(int at, int length) {
        return view.limit(at + length).position(at);
    }

    @Override
    public ByteBuffer exchange() {
        return isForeign
                ? foreign.exchange()
                : slice(envelopeAt + 1, chunk.get(envelopeAt) & 0xFF).slice();
    }

    @Override
    public ByteBuffer routingKey() {
        return isForeign ? foreign.routingKey() : slice(keyAt, Math.max(0, keyLength)).slice();
    }

    @Override
    public ByteBuffer properties() {
        if (isForeign) {
            return foreign.properties();
        }
        int skip = 1 + (chunk.get(envelopeAt) & 0xFF);
        return slice(envelopeAt + skip, envelopeLength - skip).slice();
    }

    @Override
    public ByteBuffer body() {
        return isForeign ? foreign.body() : slice(bodyAt, Math.max(0, bodyLength)).slice();
    }

    /** Whether the current message has a property; reads only the flags of an envelope. */
    public boolean has(Property property) {
        if (isForeign) {
            return Properties.of(foreign.properties()).has(property);
        }
        int at = envelopeAt + 1 + (chunk.get(envelopeAt) & 0xFF);
        return Properties.isFlagged(chunk.getShort(at), property);
    }

    /** Whether much memory is in use besides the buffer. */
    public boolean holdsMuch() {
        return isForeign && walker != null && foreign.body().remaining() > LARGE_BYTES;
    }

    /** Size of the body in bytes. */
    public int bodyBytes() {
        return isForeign ? foreign.body().remaining() : Math.max(0, bodyLength);
    }

    @Override
    public long timestampMs() {
        return timestampMs;
    }
}
