package io.taffrail.broker.topic;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;

/**
 * One partition of a topic: a log with the owner that alone may change it.
 *
 * @param topic
 *            its topic's name
 * @param index
 *            from 0
 * @param log
 *            open for writing
 * @param owner
 *            the log's owner
 */
public record Partition(String topic, int index, WritableLog log, Owner owner) {}
