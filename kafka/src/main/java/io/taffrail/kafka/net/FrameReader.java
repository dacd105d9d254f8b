package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a socket sends into frames, {@code i32 size | size bytes}, without gathering: the
 * transport reads into a chunk, small frames are slices of it, and the rest of a larger frame is
 * read straight into the frame's own buffer of exactly its size. Only the part of it that came with
 * the chunk is copied. On the connection's event loop only.
 */
final class FrameReader {

    /** Takes frames and decides on room for them. */
    interface Sink {

        /**
         * Room for a frame that is about to be received; if not, {@link FrameReader#retry} later.
         */
        boolean reserve(int sizeBytes);

        /** A whole frame; the sink owns it. Its room was reserved. */
        void frame(ByteBuf frame);

        /** What came is not a frame; nothing more is to be read. */
        void malformed(String reason);
    }

    private static final int SMALLEST_CHUNK = 2 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;
    /** A frame up to this size has its whole buffer at once; a larger one as its bytes come. */
    private static final int AT_ONCE = 2 * 1024 * 1024;
    private static final int SMALLEST_FRAME = 8;

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final Sink sink;

    private int chunkBytes = SMALLEST_CHUNK;
    /** Bytes of a size that lay at a chunk's end, and how many. */
    private int partialSize;
    private int partialSizeBytes;
    /** The frame being received into its own buffer. */
    private @Nullable ByteBuf frame;
    private int frameBytes;
    /** What came after the frame there was no room for, its size in {@link #frameBytes}. */
    private @Nullable ByteBuf postponed;
    private boolean stopped;

    FrameReader(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    /** Where the transport shall read to: the frame being received, or a new chunk. */
    ByteBuf target() {
        ByteBuf current = frame;
        if (current == null) {
            return allocator.directBuffer(chunkBytes, chunkBytes);
        }
        if (!current.isWritable()) {
            current.capacity((int) Math.min(frameBytes, current.capacity() * 2L));
        }
        return current.retain();
    }

    /** Whether a frame has begun and not ended. */
    boolean midFrame() {
        return frame != null || postponed != null || partialSizeBytes > 0;
    }

    /** Takes what the transport has read into a {@link #target}. */
    @SuppressWarnings("ReferenceEquality")
    void received(ByteBuf bytes) {
        if (bytes == frame) {
            bytes.release();
            if (bytes.writerIndex() == frameBytes) {
                frame = null;
                sink.frame(bytes);
            }
            return;
        }
        adapt(bytes.readableBytes());
        try {
            if (postponed == null) {
                cut(bytes);
            } else {
                postponed = join(postponed, bytes);
            }
        } finally {
            bytes.release();
        }
    }

    /** Tries again where there was no room. */
    void retry() {
        ByteBuf rest = postponed;
        if (rest == null || stopped || !sink.reserve(frameBytes)) {
            return;
        }
        postponed = null;
        try {
            body(rest);
            cut(rest);
        } finally {
            rest.release();
        }
    }

    /** Lets go of what was not delivered; returns the bytes still reserved for it. */
    int close() {
        stopped = true;
        if (postponed != null) {
            postponed.release();
            postponed = null;
        }
        if (frame == null) {
            return 0;
        }
        frame.release();
        frame = null;
        return frameBytes;
    }

    private void cut(ByteBuf bytes) {
        while (!stopped && bytes.isReadable() && size(bytes)) {
            if (frameBytes < SMALLEST_FRAME || frameBytes > maxFrameBytes) {
                stopped = true;
                sink.malformed(frameBytes < SMALLEST_FRAME
                        ? "a request of " + frameBytes + " bytes cannot be"
                        : "a request of " + frameBytes
                                + " bytes exceeds socket.request.max.bytes=" + maxFrameBytes);
                return;
            }
            if (!sink.reserve(frameBytes)) {
                postponed = bytes.readRetainedSlice(bytes.readableBytes());
                return;
            }
            body(bytes);
        }
    }

    /** Reads the size of the next frame; {@code false} if it is not all there. */
    private boolean size(ByteBuf bytes) {
        if (partialSizeBytes == 0 && bytes.readableBytes() >= Integer.BYTES) {
            frameBytes = bytes.readInt();
            return true;
        }
        while (partialSizeBytes < Integer.BYTES && bytes.isReadable()) {
            partialSize = (partialSize << 8) | bytes.readUnsignedByte();
            partialSizeBytes++;
        }
        if (partialSizeBytes < Integer.BYTES) {
            return false;
        }
        frameBytes = partialSize;
        partialSize = 0;
        partialSizeBytes = 0;
        return true;
    }

    private void body(ByteBuf bytes) {
        if (bytes.readableBytes() >= frameBytes) {
            sink.frame(bytes.readRetainedSlice(frameBytes));
            return;
        }
        int initial = Math.max(Math.min(frameBytes, AT_ONCE), bytes.readableBytes());
        frame = allocator.directBuffer(initial, frameBytes).writeBytes(bytes);
    }

    private ByteBuf join(ByteBuf first, ByteBuf second) {
        ByteBuf both = allocator.directBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        return both;
    }

    /** A full chunk is followed by a larger one, a nearly empty one by a smaller one. */
    private void adapt(int readBytes) {
        if (readBytes >= chunkBytes) {
            chunkBytes = Math.min(LARGEST_CHUNK, chunkBytes * 4);
        } else if (readBytes < chunkBytes / 8) {
            chunkBytes = Math.max(SMALLEST_CHUNK, chunkBytes / 2);
        }
    }
}
