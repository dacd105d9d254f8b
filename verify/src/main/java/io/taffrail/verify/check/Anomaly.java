package io.taffrail.verify.check;

import java.util.Locale;

/**
 * One broken promise.
 *
 * @param timeNs
 *            when what was broken happened, for the timeline
 * @param text
 *            names the message, the place and the times concerned
 */
public record Anomaly(Kind kind, String place, long timeNs, String text) {

    /** What can be broken. */
    public enum Kind {

        /** Acknowledged, and gone. */
        LOST,
        /** Stored twice though its producer is idempotent, or handed out twice as new. */
        DUPLICATED,
        /** In another order than its producer sent it. */
        REORDERED,
        /** Never sent, refused, or damaged, and yet there. */
        UNEXPECTED,
        /**
         * What was read or committed before is different now: an offset holds another record, a
         * record has another offset or has gone after it was read, a committed offset went back.
         */
        STALE,
        /** Acknowledged and skipped: no consumer got it. */
        NEVER_DELIVERED,
        /** After a fault the broker did not serve again. */
        NOT_RECOVERED;

        /** For people, for example {@code never-delivered}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
