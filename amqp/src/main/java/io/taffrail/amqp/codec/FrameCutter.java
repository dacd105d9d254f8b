package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a socket sends into frames without gathering: a frame that lies whole in what was
 * received is handed on where it is, only one that was split between two reads is copied together.
 * Of one thread.
 */
public final class FrameCutter {

    /** Takes frames. */
    public interface Sink {

        /**
         * One frame.
         *
         * @param payload
         *            its readable bytes are the payload until this returns; what is to be kept must
         *            be copied, or be a retained slice
         * @return whether to go on with the next
         */
        boolean frame(int type, int channel, ByteBuf payload);
    }

    private final ByteBufAllocator allocator;
    private final Sink sink;
    private int maxFrameBytes;
    /** The beginning of a frame whose rest has not come. */
    private @Nullable ByteBuf partial;

    /**
     * Begins.
     *
     * @param maxFrameBytes
     *            largest frame taken, with its header and end
     */
    public FrameCutter(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    public void maxFrameBytes(int value) {
        maxFrameBytes = value;
    }

    /**
     * Hands on every whole frame of {@code bytes} and keeps what is left of them.
     *
     * @return {@code false} if the sink wanted no more: the rest of {@code bytes} is unread
     * @throws AmqpException
     *             501 if what came is no frame
     */
    public boolean received(ByteBuf bytes) {
        ByteBuf begun = partial;
        if (begun != null) {
            if (!complete(begun, bytes)) {
                return true;
            }
            partial = null;
            try {
                if (!next(begun)) {
                    return false;
                }
            } finally {
                begun.release();
            }
        }
        while (whole(bytes)) {
            if (!next(bytes)) {
                return false;
            }
        }
        if (bytes.isReadable()) {
            keep(bytes);
        }
        return true;
    }

    /** Bytes held of a frame that is not complete. */
    public int heldBytes() {
        ByteBuf begun = partial;
        return begun == null ? 0 : begun.capacity();
    }

    /** Lets go of what was begun. */
    public void close() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private boolean complete(ByteBuf begun, ByteBuf bytes) {
        int missingOfHeader = Frame.HEADER_BYTES - begun.readableBytes();
        if (missingOfHeader > 0) {
            take(begun, bytes, missingOfHeader);
            if (begun.readableBytes() < Frame.HEADER_BYTES) {
                return false;
            }
        }
        int size = frameBytes(begun);
        makeRoom(begun, Math.min(size - begun.readableBytes(), bytes.readableBytes()), size);
        take(begun, bytes, size - begun.readableBytes());
        return begun.readableBytes() == size;
    }

    /** Room grows with what has come, not with what was announced. */
    private static void makeRoom(ByteBuf begun, int more, int size) {
        int needed = begun.readableBytes() + more;
        if (begun.capacity() < needed) {
            begun.capacity((int) Math.min(size, Math.max(needed, 2L * begun.capacity())));
        }
    }

    private static void take(ByteBuf to, ByteBuf from, int atMost) {
        int length = Math.min(atMost, from.readableBytes());
        to.writeBytes(from, length);
    }

    private boolean whole(ByteBuf bytes) {
        return bytes.readableBytes() >= Frame.HEADER_BYTES
                && bytes.readableBytes() >= frameBytes(bytes);
    }

    /** Size of the frame that begins at the reader index, whose header is there. */
    private int frameBytes(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int type = bytes.getUnsignedByte(at);
        if (type != Frame.METHOD && type != Frame.HEADER && type != Frame.BODY
                && type != Frame.HEARTBEAT) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "type " + type + ": there is no such frame");
        }
        long size = bytes.getUnsignedInt(at + 3);
        if (size > maxFrameBytes - Frame.OVERHEAD_BYTES) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "type " + type + ", " + size
                    + " bytes: {frame_too_large," + size + ","
                    + (maxFrameBytes - Frame.OVERHEAD_BYTES) + "}");
        }
        return (int) size + Frame.OVERHEAD_BYTES;
    }

    private boolean next(ByteBuf bytes) {
        int type = bytes.readUnsignedByte();
        int channel = bytes.readUnsignedShort();
        int size = bytes.readInt();
        int end = bytes.getUnsignedByte(bytes.readerIndex() + size);
        if (end != Frame.END) {
            throw new AmqpException(ReplyCode.FRAME_ERROR, "type " + type + ", " + size
                    + " bytes: {invalid_frame_end_marker," + end + "}");
        }
        int payloadEnd = bytes.readerIndex() + size;
        int received = bytes.writerIndex();
        bytes.writerIndex(payloadEnd);
        try {
            return sink.frame(type, channel, bytes);
        } finally {
            bytes.writerIndex(received).readerIndex(payloadEnd + 1);
        }
    }

    private void keep(ByteBuf bytes) {
        int size = bytes.readableBytes() >= Frame.HEADER_BYTES
                ? frameBytes(bytes)
                : Frame.HEADER_BYTES;
        int begun = (int) Math.min(size, 2L * bytes.readableBytes());
        partial = allocator.directBuffer(begun, maxFrameBytes + Frame.OVERHEAD_BYTES)
                .writeBytes(bytes);
    }
}
