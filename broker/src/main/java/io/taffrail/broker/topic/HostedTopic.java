package io.taffrail.broker.topic;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.util.UUID;

/**
 * A log that somebody else keeps, to be shown as a topic of one partition.
 *
 * @param id
 *            never used for another
 * @param log
 *            open until the topic is hidden
 * @param stampsTime
 *            whether records carry the time the broker took them, whatever their producer says
 */
public record HostedTopic(String name, UUID id, WritableLog log, Owner owner,
        boolean stampsTime) {}
