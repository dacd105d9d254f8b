package io.taffrail.log;

/**
 * The reason for which a log refused an append. Nothing was stored and the log is unchanged,
 * unless the value states otherwise.
 */
public enum Refusal {

    /** The batch's length, magic or checksum is wrong. */
    CORRUPT_BATCH,

    /** The batch is well formed but breaks a rule on records (count, offsets, sizes). */
    INVALID_RECORD,

    /** A record's timestamp is outside the topic's bounds, or the batch claims log append time. */
    INVALID_TIMESTAMP,

    /**
     * The batch's sequence does not follow the producer's last one. This includes a duplicate
     * that is older than the remembered batches of its producer. As in Kafka 4,
     * an unknown producer may begin with any sequence.
     */
    OUT_OF_ORDER_SEQUENCE,

    /** The batch's producer epoch is older than the newest one seen. */
    PRODUCER_FENCED,

    /** The end marker's coordinator epoch is older than the newest one seen. */
    COORDINATOR_FENCED,

    /** A newer lease owns this log. */
    WRITER_FENCED,

    /** The disk is full; appends succeed again when there is room. */
    DISK_FULL,

    /**
     * The disk, or the log's own code, has failed. The handle is dead, and the batch may or may
     * not be stored; the log must be opened again.
     */
    STORAGE_FAILED,

    /** The engine holds its maximum of unforced bytes; the append may be tried again. */
    OVERLOADED,

    /** The log is closed or deleted. */
    CLOSED
}
