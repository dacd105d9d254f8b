package io.taffrail.log.spi;

/**
 * The right to write, with an epoch that grows each time it is taken; it becomes the leader epoch
 * of what is appended.
 *
 * @param name
 *            what is leased
 * @param epoch
 *            at least 0; a higher epoch fences a lower one
 */
public record Lease(String name, int epoch) {}
