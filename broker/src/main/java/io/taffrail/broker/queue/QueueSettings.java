package io.taffrail.broker.queue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a queue behaves: its arguments, read.
 *
 * @param expiry
 *            when messages and the queue itself go
 * @param limits
 *            how much it holds
 * @param deadLetters
 *            where messages go that it gives up
 * @param maxPriority
 *            0: priorities mean nothing
 * @param singleActive
 *            only one consumer at a time is served
 * @param deliveryLimit
 *            a message that came back more often is given up; empty: deliveries are not counted or
 *            not limited
 * @param deduplicates
 *            whether a message is dropped while another of its mark is held
 * @param consumerTimeoutMs
 *            how long a consumer may hold a delivery; 0: for ever; empty: as long as usual
 */
public record QueueSettings(QueueType type, Expiry expiry, Limits limits, DeadLetters deadLetters,
        int maxPriority, boolean singleActive, OptionalInt deliveryLimit, boolean deduplicates,
        OptionalLong consumerTimeoutMs) {

    /**
     * Times in milliseconds.
     *
     * @param messageTtlMs
     *            a message goes so long after it came
     * @param unusedMs
     *            the queue goes when nobody used it for so long
     */
    public record Expiry(OptionalLong messageTtlMs, OptionalLong unusedMs) {}

    /**
     * Limits to what is ready.
     *
     * @param maxBytes
     *            of bodies
     */
    public record Limits(OptionalLong maxLength, OptionalLong maxBytes, Overflow overflow) {

        boolean areThere() {
            return maxLength.isPresent() || maxBytes.isPresent();
        }

        /** Whether a queue that holds so much holds too much. */
        boolean areExceeded(long length, long bytes) {
            return (maxLength.isPresent() && length > maxLength.getAsLong())
                    || (maxBytes.isPresent() && bytes > maxBytes.getAsLong());
        }
    }

    /** What happens when a limit is reached. */
    public enum Overflow {
        DROP_HEAD, REJECT_PUBLISH, REJECT_PUBLISH_DEAD_LETTER
    }

    /**
     * An exchange and the key messages get; both empty: they are dropped.
     *
     * @param atLeastOnce
     *            whether a message stays until every queue it goes to has room for it
     */
    public record DeadLetters(Optional<String> exchange, Optional<String> key,
            boolean atLeastOnce) {}

    /** Whether deliveries are counted. */
    public boolean countsDeliveries() {
        return type == QueueType.QUORUM;
    }
}
