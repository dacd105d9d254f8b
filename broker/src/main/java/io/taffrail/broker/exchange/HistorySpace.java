package io.taffrail.broker.exchange;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of the messages that {@code x-recent-history} exchanges of all virtual hosts
 * remember together. Safe for any thread.
 */
public final class HistorySpace {

    private static final int PARTS_OF_HEAP = 16;

    /** The share that the exchanges of one virtual host have taken. Owner thread only. */
    public static final class Part {

        private final AtomicLong left;
        private long takenBytes;
        private boolean closed;

        private Part(AtomicLong left) {
            this.left = left;
        }

        /** Takes bytes; false if there are not so many left. */
        boolean take(long bytes) {
            if (closed || left.addAndGet(-bytes) < 0) {
                if (!closed) {
                    left.addAndGet(bytes);
                }
                return false;
            }
            takenBytes += bytes;
            return true;
        }

        /** Gives back bytes that were taken. */
        void give(long bytes) {
            if (!closed) {
                takenBytes -= bytes;
                left.addAndGet(bytes);
            }
        }

        /** Gives back all, when the virtual host ends. */
        public void close() {
            left.addAndGet(takenBytes);
            takenBytes = 0;
            closed = true;
        }
    }

    private final AtomicLong left;

    public HistorySpace(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** A sixteenth of the heap. */
    public static HistorySpace ofHeap() {
        return new HistorySpace(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
    }

    /** Returns the part of a virtual host. */
    public Part part() {
        return new Part(left);
    }
}
