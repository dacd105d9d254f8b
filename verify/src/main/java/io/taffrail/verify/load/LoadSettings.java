package io.taffrail.verify.load;

/**
 * How much is sent, and to where.
 *
 * @param name
 *            of topics, queues and groups, or how they begin; new for each run
 * @param producers
 *            that write at the same time, for each protocol
 * @param consumers
 *            in the group, and on each queue
 * @param partitions
 *            of the topic
 * @param ratePerSecond
 *            messages of all producers of a protocol together, as far as the broker keeps up
 * @param sizeBytes
 *            of a message
 */
public record LoadSettings(String name, int producers, int consumers, int partitions,
        int ratePerSecond, int sizeBytes) {

    /** Messages of one producer that are sent and not answered; the next ones wait. */
    public static final int MOST_IN_FLIGHT = 1000;
}
