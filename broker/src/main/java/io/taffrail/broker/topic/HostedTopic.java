package io.taffrail.broker.topic;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.util.UUID;

/**
 * A log of another component, shown as a topic with one partition.
 *
 * @param id
 *            never reused for another topic
 * @param log
 *            open until the topic is hidden
 * @param stampsTime
 *            whether records get the broker's time instead of their producer's
 */
public record HostedTopic(String name, UUID id, WritableLog log, Owner owner,
        boolean stampsTime) {}
