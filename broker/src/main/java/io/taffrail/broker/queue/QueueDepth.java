package io.taffrail.broker.queue;

/**
 * What a queue holds at a moment, also what is not durable yet.
 *
 * @param ready
 *            messages that wait for a consumer; of a stream, all it keeps
 * @param held
 *            messages handed out and not settled; of a stream none, for it keeps no count
 */
public record QueueDepth(long ready, long held) {}
