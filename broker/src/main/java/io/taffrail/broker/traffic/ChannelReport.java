package io.taffrail.broker.traffic;

import java.util.List;
import java.util.Map;

/**
 * A channel of a connection as an operator sees it.
 *
 * @param facts
 *            modes, limits and numbers of messages, by RabbitMQ's names
 * @param counts
 *            a copy
 */
public record ChannelReport(int number, Map<String, ?> facts, MessageCounts counts,
        List<ConsumerReport> consumers) {}
