package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Table;

/**
 * A rule by which messages go from an exchange to a queue or another exchange. Two are the same if
 * all parts are equal.
 *
 * @param source
 *            an exchange's name
 * @param toQueue
 *            whether the destination is a queue; otherwise it is an exchange
 * @param key
 *            what the exchange's type makes of it
 * @param arguments
 *            of type headers: what to match
 */
public record Binding(String source, String destination, boolean toQueue, String key,
        Table arguments) {}
