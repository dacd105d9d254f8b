package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.batch.Varints;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the messages of stored batches where they lie. It is itself the view of the message it
 * stands at. One thread; allocates nothing for a message, except in compressed batches and of
 * records that no queue wrote.
 */
public final class RecordCursor implements StoredMessage {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * A batch of Kafka's producers that decompresses to more than this is no message here: as much
     * as a broker takes by default.
     */
    static final long MOST_INFLATED_BYTES = 64 << 20;
    /** A record that is not kept longer than it is looked at. */
    private static final int LARGE_BYTES = 4 << 20;

    private ByteBuffer chunk = NOTHING;
    private ByteBuffer in = NOTHING;
    private int batchEnd;
    private int left;
    private int recordEnd;
    private boolean control;
    /** Stands in the batch of {@link #baseOffset}. */
    private boolean inBatch;
    private long baseOffset;
    private long baseTimestampMs;
    private long nextOffset;
    private @Nullable RecordWalker walker;

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
     * Begins to walk whole batches from the buffer's position to its limit; one that is cut short
     * at the end is left out.
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

    /** Lets go of the buffer. */
    public void close() {
        open(NOTHING);
    }

    /**
     * Steps to the first message at or above {@code atLeast}; control records are passed over.
     * False when the buffer holds no more whole batches.
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
            if (nextOffset > atLeast && !control) {
                enterBatch(at);
                return true;
            }
        }
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

    /** Whether the first header, which comes next, is the envelope. */
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

    /** Offset of the message it stands at. */
    public long offset() {
        return offset;
    }

    /** First offset of the batch of the message it stands at. */
    public long batchOffset() {
        return baseOffset;
    }

    /** After {@link #next} has failed: first offset sought that it could not read. */
    public long failedAt(long atLeast) {
        return Math.max(atLeast, inBatch ? baseOffset : nextOffset);
    }

    /** First offset behind the batches seen so far, or -1 before the first. */
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

    /** Whether a property is there, without looking further. */
    public boolean has(Property property) {
        if (isForeign) {
            return Properties.of(foreign.properties()).has(property);
        }
        int at = envelopeAt + 1 + (chunk.get(envelopeAt) & 0xFF);
        return Properties.isFlagged(chunk.getShort(at), property);
    }

    /** Whether it keeps much memory beside the buffer it walks over. */
    public boolean holdsMuch() {
        return isForeign && walker != null && foreign.body().remaining() > LARGE_BYTES;
    }

    /** Bytes of the body. */
    public int bodyBytes() {
        return isForeign ? foreign.body().remaining() : Math.max(0, bodyLength);
    }

    @Override
    public long timestampMs() {
        return timestampMs;
    }
}
