package io.taffrail.verify.history;

/** What a process does. */
public enum Action {

    /** Writes a message to a partition or queue. */
    SEND,
    /** A member of a group reads the record at an offset. */
    READ,
    /** A member of a group commits the next offset it wants. */
    COMMIT,
    /** Somebody asks for a group's committed offset; -1: there is none. */
    COMMITTED,
    /** Reads a whole partition; begins with INVOKE and ends with OK or FAIL. */
    SCAN,
    /** The scan found the record at an offset. */
    SCANNED,
    /**
     * A queue hands a message to a consumer; the note says {@code again} if it is flagged as
     * redelivered.
     */
    DELIVER,
    /** A consumer settles a message; not confirmed by the broker. */
    SETTLE,
    /** Empties a queue; begins with INVOKE and ends with OK or FAIL. */
    DRAIN,
    /** Something is done to the broker; the note says what. FAIL: it did not come back. */
    FAULT
}
