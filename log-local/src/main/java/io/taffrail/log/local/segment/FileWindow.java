package io.taffrail.log.local.segment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A range of a segment's file as a stream, read through a window of 64 KiB. Bytes that are skipped
 * beyond the window are not read. Holds the file until it is closed. For a single thread.
 */
final class FileWindow extends InputStream {

    private static final int WINDOW_BYTES = 64 << 10;

    private final OpenFiles.Handle held;
    private final ByteBuffer window;
    /** Position in the file of the first byte behind the window. */
    private long next;
    private final long end;
    private boolean closed;

    /**
     * @param held
     *            the open file; released by {@link #close}
     * @param from
     *            position of the first byte
     * @param end
     *            position behind the last byte
     */
    FileWindow(OpenFiles.Handle held, long from, long end) {
        this.held = held;
        this.next = from;
        this.end = end;
        this.window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, end - from)).flip();
    }

    @Override
    public int read() throws IOException {
        return fill() ? window.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, window.remaining());
        window.get(target, offset, count);
        return count;
    }

    @Override
    public long skip(long count) {
        if (count <= 0) {
            return 0;
        }
        int inWindow = (int) Math.min(count, window.remaining());
        window.position(window.position() + inWindow);
        long behind = Math.min(count - inWindow, end - next);
        next += behind;
        return inWindow + behind;
    }

    /** Refills the window if it has been read; returns false at the end of the range. */
    private boolean fill() throws IOException {
        if (window.hasRemaining()) {
            return true;
        }
        window.clear().limit((int) Math.min(window.capacity(), end - next));
        int read = held.file().read(window, next);
        window.flip();
        next += Math.max(0, read);
        return read > 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            held.release();
        }
    }
}
