package io.taffrail.verify.history;

/** The action of a process. */
public enum Action {

    /** A producer writes a message to a partition or queue. */
    SEND,
    /** A group member reads the record at an offset. */
    READ,
    /** A group member commits the next offset that it wants to read. */
    COMMIT,
    /** A query of a group's committed offset; -1 if there is none. */
    COMMITTED,
    /** A read of a whole partition; begins with INVOKE and ends with OK or FAIL. */
    SCAN,
    /** A scan found the record at an offset. */
    SCANNED,
    /**
     * A queue delivers a message to a consumer. The note is {@code again}
     * if the redelivered flag is set.
     */
    DELIVER,
    /** A consumer acknowledges a message; the broker does not confirm it. */
    SETTLE,
    /** A queue is drained; begins with INVOKE and ends with OK or FAIL. */
    DRAIN,
    /** A client begins a transaction; the note is its transactional id. */
    TXN_BEGIN,
    /** A client commits a transaction. */
    TXN_COMMIT,
    /** A client aborts a transaction. */
    TXN_ABORT,
    /** A fault, named by the note. FAIL: the broker did not serve again. */
    FAULT
}
