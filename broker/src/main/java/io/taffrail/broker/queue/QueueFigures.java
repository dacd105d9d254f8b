package io.taffrail.broker.queue;

import io.taffrail.broker.traffic.MessageCounts;

/**
 * Figures of a queue at one moment.
 *
 * @param counts
 *            a copy
 * @param readyBytes
 *            bytes of the bodies of ready messages; after a restart an estimate from the size of
 *            the log, until the messages stored before it are settled or were measured
 * @param heldBytes
 *            bytes of the bodies of messages in flight since the start
 * @param blockedMs
 *            time since the start for which ready messages had to wait, because no consumer had
 *            room, in milliseconds
 * @param blocked
 *            whether they wait now
 */
public record QueueFigures(MessageCounts counts, long readyBytes, long heldBytes, long blockedMs,
        boolean blocked) {}
