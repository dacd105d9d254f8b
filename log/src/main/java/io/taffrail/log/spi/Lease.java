package io.taffrail.log.spi;

/**
 * The right to write a resource. The epoch grows each time the lease is acquired,
 * and becomes the leader epoch of appended batches.
 *
 * @param name
 *            name of the leased resource
 * @param epoch
 *            at least 0; a higher epoch fences a lower one
 */
public record Lease(String name, int epoch) {}
