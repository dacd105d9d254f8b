package io.taffrail.broker.queue;

/**
 * The answer to a declare.
 *
 * @param ready
 *            messages that wait for a consumer, including those not yet durable
 */
public record QueueStatus(String name, long ready, int consumers) {}
