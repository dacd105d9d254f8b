package io.taffrail.kafka.net;

import io.taffrail.log.spi.LogSlice;

/**
 * Which slices of a response are copied into its buffer: those up to {@link #SLICE_BYTES}, as a
 * copy
 * is cheaper than a system call and a packet of its own, until so much has been copied that the
 * response would hold more memory than is good. The others are parts of their own, sent from where
 * they lie. Asked of each slice once, in the order of the response.
 */
final class CopyPlan {

    /** Largest slice that is copied. */
    static final int SLICE_BYTES = 16 * 1024;

    private long leftBytes;

    /**
     * Starts a response.
     *
     * @param limitBytes
     *            most that is copied
     */
    CopyPlan(long limitBytes) {
        this.leftBytes = limitBytes;
    }

    boolean copied(LogSlice next) {
        if (next.sizeBytes() > SLICE_BYTES || next.sizeBytes() > leftBytes) {
            return false;
        }
        leftBytes -= next.sizeBytes();
        return true;
    }
}
