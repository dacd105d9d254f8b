package io.taffrail.log.spi;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogOptions;
import java.nio.ByteBuffer;

/**
 * A log open for writing. Methods declared here run on the owner's thread only, and callbacks come
 * on it.
 */
public interface WritableLog extends ReadableLog, AutoCloseable {

    /**
     * Called when the durable end has moved; on the owner's thread, at most once for each group
     * commit.
     */
    interface DurableEndListener {
        void advanced(long durableEnd);
    }

    LogOptions options();

    /** Takes new options; what they allow to be dropped goes at the next {@link #maintain}. */
    void reconfigure(LogOptions options);

    /**
     * Appends one batch: checks its frame and the producer's sequence, writes base offset and
     * leader
     * epoch into it, and stores it. The checksum and the records are the caller's to check
     * ({@link io.taffrail.log.batch.BatchValidator}). Never waits for the disk to force.
     *
     * @param batch
     *            position to limit is exactly one batch of format v2; its header is changed in
     *            place. The buffer is
     *            the caller's again when the method returns
     */
    AppendResult append(ByteBuffer batch);

    /** First offset not yet given out; at or above {@link #durableEnd}. */
    long nextOffset();

    /** Registers a listener; closed on the owner's thread. */
    Registration onDurableEnd(DurableEndListener listener);

    /**
     * Moves the start to {@code offset}, which is between start and durable end; whole segments
     * below it are deleted.
     * The move is durable when the call's result is forced by the next commit of the engine.
     */
    void trimTo(long offset);

    /** Seals the active segment; the next append begins a new one. */
    void roll();

    /**
     * Applies retention and producer expiry as of {@code nowMs}: returns the number of segments
     * dropped.
     */
    int maintain(long nowMs);

    /** Stops writing; appends still on their way complete first. */
    @Override
    void close();
}
