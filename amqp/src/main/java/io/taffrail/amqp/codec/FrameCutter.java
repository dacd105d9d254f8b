package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Splits received bytes into frames. A frame that is complete in the received buffer is passed
 * on without a copy; only a frame that spans several reads is copied into a buffer of its
 * own. Not thread-safe.
 */
public final class FrameCutter {

    /** Receives frames. */
    public interface Sink {

        /**
         * Processes one frame.
         *
         * @param payload
         *            its readable bytes are the payload, valid until this returns; data needed
         *            later must be copied or retained as a slice
         * @return true to continue with the next frame
         */
        boolean frame(int type, int channel, ByteBuf payload);
    }

    private final ByteBufAllocator allocator;
    private final Sink sink;
    private int maxFrameBytes;
    /** Incomplete frame that waits for its remaining bytes; owned by this object. */
    private @Nullable ByteBuf partial;

    /**
     * Creates a cutter.
     *
     * @param allocator
     *            allocates buffers for incomplete frames
     * @param maxFrameBytes
     *            largest accepted frame in bytes, including header and end octet
     */
    public FrameCutter(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    /**
     * Sets the largest accepted frame in bytes, including header and end octet, for later frames.
     */
    public void maxFrameBytes(int value) {
        maxFrameBytes = value;
    }

    /**
     * Passes every complete frame of {@code bytes} to the sink and copies an incomplete rest. Does
     * not release {@code bytes}.
     *
     * @return {@code false} if the sink stopped: the rest of {@code bytes} is unread
     * @throws AmqpException
     *             501 if the bytes are not a valid frame
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

    /** Capacity of the buffer for an incomplete frame, in bytes; 0 if there is none. */
    public int heldBytes() {
        ByteBuf begun = partial;
        return begun == null ? 0 : begun.capacity();
    }

    /** Releases an incomplete frame. */
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

    /** The buffer grows with the bytes received, not with the size announced by the peer. */
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

    /** Total size in bytes of the frame at the reader index; its header must be complete. */
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
