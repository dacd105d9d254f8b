package io.taffrail.broker.traffic;

import java.util.OptionalLong;

/**
 * How far a consumer group is behind in a partition.
 *
 * @param records
 *            offsets between the committed one and the end of the log
 * @param waitingSinceMs
 *            time of the first record that the group has not committed, in milliseconds since
 *            1970; empty if there is none
 */
public record GroupLag(String group, String topic, int partition, long records,
        OptionalLong waitingSinceMs) {}
