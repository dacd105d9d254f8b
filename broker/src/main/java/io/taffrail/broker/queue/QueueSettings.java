package io.taffrail.broker.queue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The behaviour of a queue, parsed from its arguments.
 *
 * @param expiry
 *            when messages and the queue itself expire
 * @param limits
 *            the maximum length and size
 * @param deadLetters
 *            where dead letters go
 * @param maxPriority
 *            highest priority; 0: the queue has no priorities
 * @param singleActive
 *            whether one consumer at a time is served
 * @param deliveryLimit
 *            a message requeued more often is given up; empty: deliveries are not counted or not
 *            limited
 * @param deduplicates
 *            whether a message is dropped while the queue holds another with its mark
 * @param consumerTimeoutMs
 *            consumer time-out in milliseconds; 0: none; empty: the default
 */
public record QueueSettings(QueueType type, Expiry expiry, Limits limits, DeadLetters deadLetters,
        int maxPriority, boolean singleActive, OptionalInt deliveryLimit, boolean deduplicates,
        OptionalLong consumerTimeoutMs) {

    /**
     * Times in milliseconds.
     *
     * @param messageTtlMs
     *            time to live of messages, from publication
     * @param unusedMs
     *            time without use after which the queue is deleted
     */
    public record Expiry(OptionalLong messageTtlMs, OptionalLong unusedMs) {}

    /**
     * Limits for ready messages.
     *
     * @param maxLength
     *            number of messages
     * @param maxBytes
     *            bytes of bodies
     */
    public record Limits(OptionalLong maxLength, OptionalLong maxBytes, Overflow overflow) {

        /** Whether this length and size exceed a limit. */
        boolean areExceeded(long length, long bytes) {
            return (maxLength.isPresent() && length > maxLength.getAsLong())
                    || (maxBytes.isPresent() && bytes > maxBytes.getAsLong());
        }
    }

    /** Behaviour at the limit. */
    public enum Overflow {
        DROP_HEAD, REJECT_PUBLISH, REJECT_PUBLISH_DEAD_LETTER
    }

    /**
     * The dead-letter exchange and the routing key of letters. Without an exchange messages are
     * dropped; without a key they keep their own.
     *
     * @param atLeastOnce
     *            whether a message stays until every target queue has room for it
     */
    public record DeadLetters(Optional<String> exchange, Optional<String> key,
            boolean atLeastOnce) {}

    /** Whether deliveries are counted. */
    public boolean countsDeliveries() {
        return type == QueueType.QUORUM;
    }
}
