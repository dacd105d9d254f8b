package io.taffrail.broker.topic;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;

/**
 * One partition of a topic: a log, and the owner that alone may change it.
 *
 * @param topic
 *            the topic's name
 * @param index
 *            from 0
 * @param log
 *            open for writing, or a stand-in that refuses everything if {@link #offline} has a
 *            reason
 * @param owner
 *            the log's owner
 */
public record Partition(String topic, int index, WritableLog log, Owner owner) {

    /** The reason why the log could not be opened; empty if it is open. */
    public Optional<String> offline() {
        return log instanceof OfflineLog stand ? Optional.of(stand.reason()) : Optional.empty();
    }

    @Override
    public String toString() {
        return topic + "-" + index;
    }
}
