package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a socket sends into frames, {@code i32 size | size bytes}, without gathering: the
 * transport reads into a chunk, small frames are slices of it, and the rest of a larger frame is
 * read straight into a buffer of the frame's own.
 *
 * <p>
 * Memory is taken for bytes that have come, not for a size that was announced: a frame's own
 * buffer begins with four times what came of it, or as large as the frame before it was, and grows
 * by a factor of four when it is full. So a producer whose requests are alike has each read
 * without a further copy. Every buffer is charged to the sink before it is made. On the
 * connection's
 * event loop only.
 */
final class FrameReader {

    /** Takes frames and decides on room for them. */
    interface Sink {

        /**
         * Room for bytes of a frame; if there is none, the sink calls {@link FrameReader#proceed}
         * later. A frame that is handed over has its whole size charged.
         */
        boolean charge(int bytes);

        /** Gives room back. */
        void release(int bytes);

        /** Whether memory is scarce, so that buffers are to be as small as can be. */
        boolean scarce();

        /** Whether enough frames wait; the sink calls {@link FrameReader#resume} when none does. */
        boolean full();

        /** A whole frame; the sink owns it. */
        void frame(ByteBuf frame);

        /** What came is not a frame; nothing more is to be read. */
        void malformed(String reason);
    }

    static final int SMALLEST_CHUNK = 2 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;
    /** A frame's own buffer is at first no smaller than this, or the frame. */
    private static final int SMALLEST_BUFFER = 4 * 1024;
    private static final int GROWTH = 4;
    /** The frame before is no reason to begin with a larger buffer than this. */
    private static final int LARGEST_TRUST = 2 * 1024 * 1024;
    private static final int SMALLEST_FRAME = 8;

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final Sink sink;

    private int chunkBytes = SMALLEST_CHUNK;
    /** Bytes of a size that lay at a chunk's end, and how many. */
    private int partialSize;
    private int partialSizeBytes;
    /** Size of the frame that has begun; 0 between frames. */
    private int frameBytes;
    /** What has come of that frame, where it did not come at once. */
    private @Nullable ByteBuf frame;
    /** Size of the frame before, up to {@link #LARGEST_TRUST}. */
    private int trustedBytes;
    /** Room that the sink was asked for and does not have; nothing is cut meanwhile. */
    private int wantedBytes;
    /** What came meanwhile. */
    private @Nullable ByteBuf postponed;
    private long receivedBytes;
    /** Where in {@link #frame} the transport reads to. */
    private int readFrom;
    private boolean stopped;
    /** The sink is full; nothing is cut meanwhile. */
    private boolean paused;

    FrameReader(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    /** Where the transport shall read to: the frame being received, or a new chunk. */
    ByteBuf target() {
        ByteBuf current = frame;
        if (current != null && wantedBytes == 0) {
            readFrom = current.writerIndex();
            return current.retain();
        }
        int bytes = sink.scarce() ? SMALLEST_CHUNK : chunkBytes;
        return allocator.directBuffer(bytes, bytes);
    }

    /** Whether a frame has begun and not ended. */
    boolean midFrame() {
        return frameBytes > 0 || partialSizeBytes > 0;
    }

    /** Bytes received so far. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Takes what the transport has read into a {@link #target}. */
    @SuppressWarnings("ReferenceEquality")
    void received(ByteBuf bytes) {
        if (bytes == frame) {
            bytes.release();
            receivedBytes += bytes.writerIndex() - readFrom;
            filled(Unpooled.EMPTY_BUFFER);
            return;
        }
        receivedBytes += bytes.readableBytes();
        adapt(bytes.readableBytes());
        try {
            if (wantedBytes > 0 || paused) {
                postpone(bytes);
            } else {
                cut(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    /**
     * Goes on where there was no room.
     *
     * @param charged
     *            the room that was asked for has been charged meanwhile; otherwise the sink is
     *            asked again
     */
    void proceed(boolean charged) {
        int wanted = wantedBytes;
        if (wanted == 0 || stopped || (!charged && !sink.charge(wanted))) {
            return;
        }
        wantedBytes = 0;
        ByteBuf rest = postponed == null ? Unpooled.EMPTY_BUFFER : postponed;
        postponed = null;
        try {
            if (frame == null) {
                begin(rest, wanted);
            } else {
                grow(frame, wanted);
            }
            cut(rest);
        } finally {
            rest.release();
        }
    }

    /** Goes on where the sink was full. */
    void resume() {
        if (!paused || stopped) {
            return;
        }
        paused = false;
        ByteBuf rest = postponed == null ? Unpooled.EMPTY_BUFFER : postponed;
        postponed = null;
        try {
            cut(rest);
        } finally {
            rest.release();
        }
    }

    /** Room that is wanted and not there; 0 if none is. */
    int wantedBytes() {
        return wantedBytes;
    }

    /** Lets go of what was not delivered; returns the bytes still charged for it. */
    int close() {
        stopped = true;
        if (postponed != null) {
            postponed.release();
            postponed = null;
        }
        if (frame == null) {
            return 0;
        }
        int charged = frame.capacity();
        frame.release();
        frame = null;
        return charged;
    }

    private void cut(ByteBuf bytes) {
        while (!stopped && wantedBytes == 0 && bytes.isReadable()) {
            if (sink.full()) {
                paused = true;
                postpone(bytes);
                return;
            }
            if (frame != null) {
                fill(frame, bytes);
                continue;
            }
            if (frameBytes == 0 && !size(bytes)) {
                return;
            }
            if (!bytes.isReadable()) {
                return;
            }
            int needed = bytes.readableBytes() >= frameBytes
                    ? frameBytes
                    : initial(bytes.readableBytes());
            if (has(needed, bytes)) {
                begin(bytes, needed);
            }
        }
    }

    private boolean has(int needed, ByteBuf rest) {
        if (sink.charge(needed)) {
            return true;
        }
        wantedBytes = needed;
        postpone(rest);
        return false;
    }

    private int initial(int arrivedBytes) {
        int trusted = sink.scarce() ? 0 : trustedBytes;
        return Math.min(frameBytes,
                Math.max(Math.max(SMALLEST_BUFFER, trusted), GROWTH * arrivedBytes));
    }

    /** Reads the size of the next frame; {@code false} if it is not all there, or impossible. */
    private boolean size(ByteBuf bytes) {
        int size;
        if (partialSizeBytes == 0 && bytes.readableBytes() >= Integer.BYTES) {
            size = bytes.readInt();
        } else {
            while (partialSizeBytes < Integer.BYTES && bytes.isReadable()) {
                partialSize = (partialSize << 8) | bytes.readUnsignedByte();
                partialSizeBytes++;
            }
            if (partialSizeBytes < Integer.BYTES) {
                return false;
            }
            size = partialSize;
            partialSize = 0;
            partialSizeBytes = 0;
        }
        if (size < SMALLEST_FRAME || size > maxFrameBytes) {
            stopped = true;
            sink.malformed(size < SMALLEST_FRAME
                    ? "a request of " + size + " bytes cannot be"
                    : "a request of " + size + " bytes exceeds socket.request.max.bytes="
                            + maxFrameBytes);
            return false;
        }
        frameBytes = size;
        return true;
    }

    /** Hands a frame on that is all there, or begins one of its own with so much room. */
    private void begin(ByteBuf bytes, int chargedBytes) {
        if (chargedBytes == frameBytes && bytes.readableBytes() >= frameBytes) {
            ByteBuf whole = bytes.readRetainedSlice(frameBytes);
            ended();
            sink.frame(whole);
            return;
        }
        try {
            frame = allocator.directBuffer(chargedBytes, frameBytes);
        } catch (OutOfMemoryError e) {
            sink.release(chargedBytes);
            throw e;
        }
        fill(frame, bytes);
    }

    private void fill(ByteBuf begun, ByteBuf bytes) {
        begun.writeBytes(bytes, Math.min(bytes.readableBytes(), begun.writableBytes()));
        filled(bytes);
    }

    /** Looks whether the frame is complete, or its buffer full; {@code rest} came after it. */
    private void filled(ByteBuf rest) {
        ByteBuf begun = frame;
        if (begun == null || begun.isWritable()) {
            return;
        }
        if (begun.writerIndex() == frameBytes) {
            frame = null;
            ended();
            sink.frame(begun);
            return;
        }
        int larger = (int) Math.min(frameBytes, (long) GROWTH * begun.capacity());
        if (has(larger, rest)) {
            grow(begun, larger);
        }
    }

    private void grow(ByteBuf begun, int chargedBytes) {
        int before = begun.capacity();
        try {
            begun.capacity(chargedBytes);
        } catch (OutOfMemoryError e) {
            sink.release(chargedBytes);
            throw e;
        }
        sink.release(before);
    }

    private void ended() {
        trustedBytes = Math.min(LARGEST_TRUST, frameBytes);
        frameBytes = 0;
    }

    private void postpone(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return;
        }
        ByteBuf first = postponed;
        if (first == null) {
            postponed = bytes.readRetainedSlice(bytes.readableBytes());
            return;
        }
        postponed = allocator.directBuffer(first.readableBytes() + bytes.readableBytes())
                .writeBytes(first).writeBytes(bytes);
        first.release();
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
