package io.taffrail.broker.why;

/**
 * A cause for which messages wait.
 *
 * @param kind
 *            for programs
 * @param text
 *            one sentence for people
 */
public record Cause(Kind kind, String text) {

    /** Kinds of causes. */
    public enum Kind {
        /** The queue is out of use. */
        QUARANTINED,
        /** Nobody consumes. */
        NO_CONSUMER,
        /** Every consumer holds as much as its prefetch allows. */
        PREFETCH_FULL,
        /** A consumer's client does not read. */
        SLOW_CONSUMER,
        /** Only one of the consumers is served. */
        SINGLE_ACTIVE,
        /** Other messages are delivered first. */
        BEHIND_OTHERS,
        /** Messages of a higher priority are delivered first. */
        BEHIND_PRIORITY,
        /** A consumer or a channel holds it. */
        HELD,
        /** Its time has not come. */
        DELAYED,
        /** Many messages are being requeued. */
        REQUEUE_UNDER_WAY,
        /** Dead letters cannot be stored in their target. */
        DEAD_LETTER_TARGET,
        /** A reader of the log has not come so far. */
        READER_BEHIND,
        /** A part of the log cannot be read. */
        DAMAGED,
        /** Nothing waits. */
        NOTHING_WAITS,
        /** Nothing prevents the delivery. */
        UNDER_WAY
    }
}
