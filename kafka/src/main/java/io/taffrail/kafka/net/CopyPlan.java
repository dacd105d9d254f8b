package io.taffrail.kafka.net;

import io.taffrail.log.spi.LogSlice;

/**
 * Choice of the slices of a response that are copied into its buffer. Slices of up to
 * {@link #SLICE_BYTES} are copied, because a copy costs less than a system call and a packet.
 * Copying stops at a limit that bounds the memory of the response. Other slices are sent from the
 * file or buffer they are in. {@link #copied} is called once for each slice, in the order of the
 * response.
 */
final class CopyPlan {

    /** Largest slice that is copied, in bytes. */
    static final int SLICE_BYTES = 16 * 1024;

    private long leftBytes;

    /**
     * Starts the plan of one response.
     *
     * @param limitBytes
     *            maximum number of bytes that are copied
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
