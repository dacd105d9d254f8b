package io.taffrail.log.spi;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogOptions;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A log that is open for writing. The methods declared here run on the owner's thread only,
 * and the log calls its listeners on that thread.
 */
public interface WritableLog extends ReadableLog, AutoCloseable {

    /**
     * A listener for changes of the durable end. The log calls it on the owner's thread,
     * at most once for each group commit.
     */
    interface DurableEndListener {
        void advanced(long durableEnd);
    }

    /** Returns the current options. */
    LogOptions options();

    /**
     * Replaces the options. Segments that the new options no longer retain are dropped
     * by the next {@link #maintain}.
     *
     * @throws IllegalArgumentException
     *             if the durability would change to or from
     *             {@link io.taffrail.log.Durability#MEMORY}
     */
    void reconfigure(LogOptions options);

    /**
     * Appends one batch: checks its frame and its producer's sequence, writes base offset
     * and leader epoch into its header, and stores it. The caller must have checked the checksum
     * and the records ({@link io.taffrail.log.batch.BatchValidator}). Never waits for a force.
     *
     * @param batch
     *            exactly one batch of format v2, from position to limit. The log changes the header
     *            in place; the buffer belongs to the caller again when the method returns
     */
    AppendResult append(ByteBuffer batch);

    /** First unassigned offset; at least {@link #durableEnd}. */
    long nextOffset();

    /** Adds a listener. The registration must be closed on the owner's thread. */
    Registration onDurableEnd(DurableEndListener listener);

    /**
     * Moves the start of the log to {@code offset} and deletes whole segments below it.
     * The move is visible at once and durable after the next force; a crash before
     * that restores the earlier start, with no record lost.
     *
     * @param offset
     *            at least the start offset and at most the durable end
     * @throws IllegalArgumentException
     *             if {@code offset} is outside these bounds
     */
    void trimTo(long offset);

    /**
     * Seals the active segment; the next append begins a new one.
     * No effect if the active segment is empty.
     */
    void roll();

    /**
     * Frees the space of records that are no longer needed. Sealed segments that would lose at
     * least half of their size are rewritten without those records, and runs of small segments are
     * merged. Other records keep their offsets. Erased records may still be read until the rewrite
     * has completed, or after a crash before that; those in segments that are not rewritten stay.
     *
     * @param gone
     *            offsets to erase, all below the durable end
     * @return the number of bytes freed, completed on the owner's thread; 0 if the erasure failed,
     *         which the engine reports to the operator
     */
    CompletableFuture<Long> erase(OffsetSet gone);

    /**
     * Applies retention and forgets expired producers.
     *
     * @param nowMs
     *            the current time in milliseconds since the epoch
     * @return the number of segments dropped
     */
    int maintain(long nowMs);

    /**
     * Stops writing: later appends are refused with {@link io.taffrail.log.Refusal#CLOSED}.
     * Does not wait for earlier appends, which still become durable.
     */
    @Override
    void close();
}
