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
 * Puts a message together: method, header, body frames (AMQP 0-9-1 §4.2.6). A body of one frame is
 * handed on where it was received.
 */
final class Incoming {

    /** Takes whole messages; buffers are its own only until it returns. */
    interface Sink {
        void message(BasicMethod.Publish publish, ByteBuffer properties, ByteBuffer body);
    }

    private static final int FIRST_BYTES = 256 << 10;
    /** A property section of up to this size is kept room for. */
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
    /** Taken from the quota for the message that comes. */
    private long takenBytes;

    /**
     * @param unfinished
     *            bounds what has come of bodies that are not complete
     */
    Incoming(Sink sink, int maxBodyBytes, Quota unfinished) {
        this.sink = sink;
        this.unfinished = unfinished;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** The method whose content is due; {@code null} if none is. */
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

    /** Makes room for another frame, and for as much again as there is. */
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

    /** Nothing of the message is held any more. */
    private void done() {
        unfinished.give(takenBytes);
        takenBytes = 0;
        if (properties.length > USUAL_SECTION_BYTES) {
            properties = new byte[USUAL_SECTION_BYTES];
        }
    }

    /** A method where content is due. */
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
