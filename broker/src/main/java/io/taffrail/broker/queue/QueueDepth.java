package io.taffrail.broker.queue;

/**
 * Message counts of a queue at one moment, including messages not durable yet.
 *
 * @param ready
 *            messages that wait for a consumer; for a stream, all stored messages
 * @param held
 *            messages in flight; 0 for a stream, which does not count them
 */
public record QueueDepth(long ready, long held) {}
