package io.taffrail.bench.measure;

/**
 * Resource use of a client process. If {@code busiestThreadShare} is near 1,
 * the client's own thread was the bottleneck.
 *
 * @param cpuSeconds
 *            user and system time of the process in seconds
 * @param busiestThread
 *            name of the thread with the most processor time
 * @param busiestThreadShare
 *            that thread's share of one core: the median over the intervals in which it was active
 */
public record ClientUse(double cpuSeconds, String busiestThread, double busiestThreadShare) {}
