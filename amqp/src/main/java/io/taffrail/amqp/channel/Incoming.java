package io.taffrail.amqp.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ContentHeader;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.Quota;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Assembles published messages from method, header and body frames (AMQP 0-9-1 §4.2.6). A body
 * of one frame is passed on without a copy. On the connection's loop only.
 */
final class Incoming {

    /** Receives complete messages; the buffers are valid only during the call. */
    interface Sink {
        void message(BasicMethod.Publish publish, ByteBuffer properties, ByteBuffer body);
    }

    /** Maximum initial buffer for a body of several frames. */
    private static final int FIRST_BYTES = 256 << 10;
    /** A buffer for property sections of up to this size is kept between messages. */
    private static final int USUAL_SECTION_BYTES = 512;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Sink sink;
    private final int maxBodyBytes;
    private final Quota unfinished;
    private BasicMethod.@Nullable Publish method;
    private boolean headerSeen;
    private byte[] properties = new byte[USUAL_SECTION_BYTES];
    private int propertiesBytes;
    private long missingBytes;
    private @Nullable ByteBuf body;
    /** Bytes taken from the quota for the current message. */
    private long takenBytes;

    /**
     * @param unfinished
     *            limit for bodies that are not complete
     */
    Incoming(Sink sink, int maxBodyBytes, Quota unfinished) {
        this.sink = sink;
        this.unfinished = unfinished;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** The method whose header or body frames are expected next; {@code null} if none are. */
    @Nullable
    Method expecting() {
        return method;
    }

    void begin(BasicMethod.Publish publish) {
        method = publish;
        headerSeen = false;
    }

    void header(ByteBuf payload) {
        BasicMethod.Publish publish = method;
        if (publish == null) {
            throw notAMethod();
        }
        if (headerSeen) {
            throw unexpected("expected content body, got non content body frame instead");
        }
        missingBytes = ContentHeader.bodyBytes(payload);
        propertiesBytes = payload.readableBytes();
        if (properties.length < propertiesBytes) {
            properties = new byte[propertiesBytes];
        }
        payload.readBytes(properties, 0, propertiesBytes);
        headerSeen = true;
        if (missingBytes > maxBodyBytes || missingBytes < 0) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED,
                    "message size " + Long.toUnsignedString(missingBytes)
                            + " is larger than configured max size " + maxBodyBytes);
        }
        if (missingBytes == 0) {
            deliver(publish, NOTHING);
        } else if (propertiesBytes > USUAL_SECTION_BYTES) {
            take(propertiesBytes);
        }
    }

    void body(ByteBuf payload, ByteBufAllocator allocator) {
        BasicMethod.Publish publish = method;
        if (publish == null) {
            throw notAMethod();
        }
        if (!headerSeen) {
            throw unexpected("expected content header for class 60, got non content header frame"
                    + " instead");
        }
        int length = payload.readableBytes();
        if (length > missingBytes) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "a body is longer than its header announced");
        }
        ByteBuf begun = body;
        if (begun == null && length == missingBytes) {
            deliver(publish, payload.nioBuffer());
            return;
        }
        if (begun == null) {
            int first = (int) Math.min(missingBytes, Math.min(FIRST_BYTES, 2L * length));
            take(Math.max(first, length));
            begun = allocator.directBuffer(Math.max(first, length), (int) missingBytes);
            body = begun;
        } else if (begun.writableBytes() < length) {
            grow(begun, length);
        }
        begun.writeBytes(payload);
        missingBytes -= length;
        if (missingBytes == 0) {
            body = null;
            try {
                deliver(publish, begun.nioBuffer());
            } finally {
                begun.release();
                unfinished.memory().messageComplete();
            }
        }
    }

    /** Grows the body buffer for another frame: at least doubles it, up to the announced size. */
    private void grow(ByteBuf begun, int length) {
        long wanted = Math.max(begun.readableBytes() + (long) length, 2L * begun.capacity());
        int capacity = (int) Math.min(begun.maxCapacity(), wanted);
        take(capacity - begun.capacity());
        begun.capacity(capacity);
    }

    private void take(long bytes) {
        unfinished.take(bytes);
        takenBytes += bytes;
    }

    private void deliver(BasicMethod.Publish publish, ByteBuffer bytes) {
        method = null;
        try {
            sink.message(publish, ByteBuffer.wrap(properties, 0, propertiesBytes), bytes);
        } finally {
            done();
        }
    }

    /** Releases the memory charged for the current message. */
    private void done() {
        unfinished.give(takenBytes);
        takenBytes = 0;
        if (properties.length > USUAL_SECTION_BYTES) {
            properties = new byte[USUAL_SECTION_BYTES];
        }
    }

    /** Error for a method frame where a content frame is expected. */
    AmqpException interrupted() {
        return headerSeen
                ? unexpected("expected content body, got non content body frame instead")
                : unexpected("expected content header for class 60, got non content header frame"
                        + " instead");
    }

    private static AmqpException notAMethod() {
        return unexpected("expected method frame, got non method frame instead");
    }

    private static AmqpException unexpected(String what) {
        return new AmqpException(ReplyCode.UNEXPECTED_FRAME, what);
    }

    void close() {
        method = null;
        if (body != null) {
            body.release();
            body = null;
        }
        done();
    }
}
