package io.taffrail.broker.why;

/** The state of a message in its queue. */
public enum MessageState {
    /** Waits to be delivered for the first time. */
    READY,
    /** Was delivered and requeued, and waits to be delivered again. */
    REQUEUED,
    /** Delivered and not yet settled. */
    HELD,
    /** Waits in its queue until a target of its dead letter can take it. */
    DEAD_LETTER_WAITS,
    /** Acknowledged, dead-lettered, expired, purged or dropped; kept for readers of the log. */
    SETTLED,
    /** Cannot be read from the disk. */
    DAMAGED,
    /** A message of a stream: consumers read it and leave it there. */
    KEPT
}
