package io.taffrail.broker.queue;

/**
 * What a declare answers.
 *
 * @param ready
 *            messages that wait for a consumer, also those not yet durable
 */
public record QueueStatus(String name, long ready, int consumers) {}
