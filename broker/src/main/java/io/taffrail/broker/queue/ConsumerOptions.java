package io.taffrail.broker.queue;

import io.taffrail.broker.message.FieldTable;
import java.util.List;

/**
 * Options of a consumer.
 *
 * @param tag
 *            the consumer's name, for people to read
 * @param session
 *            the connection of the consumer
 * @param acknowledges
 *            whether the consumer settles deliveries; otherwise each is settled as it is delivered
 * @param exclusive
 *            whether no other consumer may use the queue
 * @param prefetch
 *            limits, each of which must have room for a delivery; empty for none
 * @param arguments
 *            {@code x-priority}, {@code x-stream-offset}, …, as sent
 */
public record ConsumerOptions(String tag, Session session, boolean acknowledges, boolean exclusive,
        List<Prefetch> prefetch, FieldTable arguments) {}
