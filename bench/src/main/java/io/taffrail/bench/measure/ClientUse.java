package io.taffrail.bench.measure;

/**
 * What a client process used: when {@code busiestThreadShare} is near 1, the client's own thread
 * was the limit.
 *
 * @param cpuSeconds
 *            user and system time of the whole process
 * @param busiestThread
 *            name of the thread that used the most
 * @param busiestThreadShare
 *            the share of one core that thread had, median over the intervals in
 *            which it did anything
 */
public record ClientUse(double cpuSeconds, String busiestThread, double busiestThreadShare) {}
