package io.taffrail.log.spi;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogOptions;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

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
     * Gives back the space of records that nobody needs any more, wherever they lie: sealed
     * segments of which at least half goes are written anew without them, and many small ones
     * become one. Offsets of other records stay. Until it is done, and after a crash before that,
     * erased records may still be read; some stay for good.
     *
     * @param gone
     *            only offsets below the durable end
     * @return completes on the owner's thread with the bytes given back; 0 if it did not work out,
     *         of which the engine tells the operator
     */
    CompletableFuture<Long> erase(OffsetSet gone);

    /**
     * Applies retention and producer expiry as of {@code nowMs}: returns the number of segments
     * dropped.
     */
    int maintain(long nowMs);

    /** Stops writing; appends still on their way complete first. */
    @Override
    void close();
}
