package io.taffrail.log;

/**
 * Why a log did not take an append. Nothing was stored and the log is as it was, unless the value
 * says otherwise.
 */
public enum Refusal {

    /** The batch's length, magic or checksum is wrong. */
    CORRUPT_BATCH,

    /** The batch is well formed but breaks a rule on records (count, offsets, sizes). */
    INVALID_RECORD,

    /** A record's timestamp is outside the bounds of the topic, or claims to be the broker's. */
    INVALID_TIMESTAMP,

    /** The producer's sequence does not follow its last one. */
    OUT_OF_ORDER_SEQUENCE,

    /** An older batch of this producer, no longer among those remembered. */
    DUPLICATE_SEQUENCE,

    /** The producer's epoch is older than the newest seen. */
    PRODUCER_FENCED,

    /** A transaction's marker of a coordinator older than the newest seen. */
    COORDINATOR_FENCED,

    /** A sequence above zero of a producer this log does not know. */
    UNKNOWN_PRODUCER,

    /** A newer lease owns this log. */
    WRITER_FENCED,

    /** The disk is full; appends work again when there is room. */
    DISK_FULL,

    /**
     * The disk or the log's own code failed; the handle is dead, whether the append is stored is
     * unknown: reopen the log.
     */
    STORAGE_FAILED,

    /** The engine holds as many unforced bytes as it may; try again. */
    OVERLOADED,

    /** The log is closed or deleted. */
    CLOSED
}
