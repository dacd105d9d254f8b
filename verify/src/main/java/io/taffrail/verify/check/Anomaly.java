package io.taffrail.verify.check;

import java.util.Locale;

/**
 * One violation of a guarantee.
 *
 * @param kind
 *            the violated guarantee
 * @param place
 *            partition or queue, as in {@link io.taffrail.verify.history.Event}
 * @param timeNs
 *            time of the affected operation, in nanoseconds since the history began
 * @param text
 *            description with the message, the place and the times
 */
public record Anomaly(Kind kind, String place, long timeNs, String text) {

    /** The kinds of violations. */
    public enum Kind {

        /** An acknowledged message is gone. */
        LOST,
        /**
         * An idempotent producer's message is stored twice, or a message is delivered twice
         * without the redelivered flag.
         */
        DUPLICATED,
        /** A producer's messages are out of order. */
        REORDERED,
        /** A message is present that was never sent, was refused or is damaged. */
        UNEXPECTED,
        /**
         * An earlier read or commit is contradicted: an offset holds another record, a record has
         * another offset or is gone after it was read, or a committed offset went back.
         */
        STALE,
        /** An acknowledged message was skipped: no consumer received it. */
        NEVER_DELIVERED,
        /**
         * A transaction is there in part: some of its records, or its records without its offsets
         * (fractured).
         */
        TORN,
        /** A reader of committed data found a record of an aborted transaction (G1a). */
        ABORTED_READ,
        /** A reader of committed data found a record before its commit was requested (G1b). */
        EARLY_READ,
        /** Committed transactions have read each other's writes (G1c). */
        READ_CYCLE,
        /**
         * Transactions are stored in another order than they ran in, or a record has joined a later
         * transaction of the same transactional id (G0).
         */
        WRITE_CYCLE,
        /** Balances do not match the transfers. */
        UNBALANCED,
        /** The broker did not serve again after a fault. */
        NOT_RECOVERED;

        /** Returns the name for reports, for example {@code never-delivered}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
