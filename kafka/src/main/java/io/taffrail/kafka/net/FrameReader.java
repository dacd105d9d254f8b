package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Decoder that splits the bytes of a socket into frames, {@code i32 size | size bytes}. The
 * transport reads into a chunk; small frames are slices of the chunk. The rest of a larger frame is
 * read directly into a buffer that belongs to that frame.
 *
 * <p>
 * Memory is allocated for bytes that have arrived, not for the size that a frame announces. A
 * frame's buffer starts at the larger of four times the bytes that have arrived and the size of the
 * previous frame, and grows by a factor of four when it is full. A producer with requests of
 * similar size therefore causes no further copies. The sink is charged for every buffer before it
 * is allocated. All methods run on the connection's event loop.
 */
final class FrameReader {

    /** Receiver of frames, which also grants memory for them. */
    interface Sink {

        /**
         * Charges memory for bytes of a frame. Returns false if there is none; the sink then calls
         * {@link FrameReader#proceed} later. A frame passed to {@link #frame} has its whole size
         * charged.
         */
        boolean charge(int bytes);

        /** Releases charged memory. */
        void release(int bytes);

        /** Whether memory is scarce, so that buffers must be as small as possible. */
        boolean scarce();

        /**
         * Whether enough frames wait; the sink calls {@link FrameReader#resume} when none waits.
         */
        boolean full();

        /** Receives a complete frame and takes ownership of it. */
        void frame(ByteBuf frame);

        /** Called if the bytes are not a valid frame. The reader has stopped. */
        void malformed(String reason);
    }

    static final int SMALLEST_CHUNK = 2 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;
    /** Least initial size of a frame's own buffer, in bytes, unless the frame is smaller. */
    private static final int SMALLEST_BUFFER = 4 * 1024;
    private static final int GROWTH = 4;
    /** Largest initial size, in bytes, that follows from the size of the previous frame. */
    private static final int LARGEST_TRUST = 2 * 1024 * 1024;
    private static final int SMALLEST_FRAME = 8;

    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final Sink sink;

    private int chunkBytes = SMALLEST_CHUNK;
    /** The bytes of a frame size that was split between two chunks, and their number. */
    private int partialSize;
    private int partialSizeBytes;
    /** Size in bytes of the frame that has begun; 0 between frames. */
    private int frameBytes;
    /** Buffer of a frame that did not arrive in one read. */
    private @Nullable ByteBuf frame;
    /** Size of the previous frame in bytes, at most {@link #LARGEST_TRUST}. */
    private int trustedBytes;
    /** Bytes that the sink could not grant yet; splitting is suspended until it does. */
    private int wantedBytes;
    /** Bytes that arrived while splitting was suspended. */
    private @Nullable ByteBuf postponed;
    private long receivedBytes;
    /** Index in {@link #frame} at which the transport's current read begins. */
    private int readFrom;
    private boolean stopped;
    /** True while the sink is full; splitting is suspended. */
    private boolean paused;

    FrameReader(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.sink = sink;
    }

    /** Buffer for the transport's next read: the frame being received, or a new chunk. */
    ByteBuf target() {
        ByteBuf current = frame;
        if (current != null && wantedBytes == 0) {
            readFrom = current.writerIndex();
            return current.retain();
        }
        int bytes = sink.scarce() ? SMALLEST_CHUNK : chunkBytes;
        return allocator.directBuffer(bytes, bytes);
    }

    /** Whether a frame has begun and is not complete. */
    boolean midFrame() {
        return frameBytes > 0 || partialSizeBytes > 0;
    }

    /** Total bytes received on this connection. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Takes the bytes that the transport has read into a {@link #target}. */
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
     * Continues after the sink had no memory.
     *
     * @param charged
     *            true if the sink has charged the memory in the meantime; otherwise the sink is
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

    /** Continues after the sink was full. */
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

    /** Bytes that the reader waits for; 0 if it waits for none. */
    int wantedBytes() {
        return wantedBytes;
    }

    /** Releases all undelivered bytes and returns the number of bytes still charged for them. */
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

    /** Reads the size of the next frame; false if the size is incomplete or invalid. */
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

    /** Delivers a frame that is complete, or starts one with a buffer of {@code chargedBytes}. */
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

    /** Delivers the frame if complete, or enlarges its full buffer; {@code rest} is postponed. */
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

    /** Enlarges the chunk size after a full chunk, and reduces it after a nearly empty one. */
    private void adapt(int readBytes) {
        if (readBytes >= chunkBytes) {
            chunkBytes = Math.min(LARGEST_CHUNK, chunkBytes * 4);
        } else if (readBytes < chunkBytes / 8) {
            chunkBytes = Math.max(SMALLEST_CHUNK, chunkBytes / 2);
        }
    }
}
