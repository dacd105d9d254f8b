package io.taffrail.verify.load;

/**
 * The size and destination of the load.
 *
 * @param kind
 *            the workload
 * @param name
 *            name, or prefix of the names, of topics, queues and groups; unique to each run
 * @param producers
 *            concurrent producers for each protocol
 * @param consumers
 *            consumers in the group, and on each queue
 * @param partitions
 *            partitions of the topic
 * @param ratePerSecond
 *            target rate in messages a second, for all producers of a protocol together
 * @param sizeBytes
 *            size of a message
 */
public record LoadSettings(WorkloadKind kind, String name, int producers, int consumers,
        int partitions, int ratePerSecond, int sizeBytes) {

    /** Maximum number of unacknowledged messages of one producer; further messages wait. */
    public static final int MOST_IN_FLIGHT = 1000;
}
