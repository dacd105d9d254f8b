package io.taffrail.broker.why;

import java.util.OptionalLong;

/**
 * A consumer as it stands now.
 *
 * @param connection
 *            addresses of both ends of its connection
 * @param prefetch
 *            the lowest limit of unacknowledged deliveries; 0: none
 * @param held
 *            number of its unacknowledged deliveries
 * @param oldestHeld
 *            offset of the oldest of them
 * @param lastDeliveryMs
 *            time of the last delivery, in milliseconds since 1970; since then a consumer whose
 *            prefetch is full has held at least one message too many
 * @param block
 *            the reason for which it takes no message now
 */
public record ConsumerStanding(String tag, String connection, boolean acknowledges, int priority,
        int prefetch, long held, OptionalLong oldestHeld, OptionalLong lastDeliveryMs,
        Block block) {

    /** The reasons for which a consumer takes no message. */
    public enum Block {
        /** None: the consumer takes messages. */
        NONE,
        /** The number of its unacknowledged deliveries has reached a prefetch limit. */
        PREFETCH_FULL,
        /** The client does not read from its socket, or has stopped the flow. */
        NOT_READING,
        /** Another consumer of the queue is the single active one. */
        NOT_ACTIVE,
        /** A cancelled consumer takes only what was published before. */
        LEAVING
    }
}
