package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Table;

/**
 * An exchange as a client wants it.
 *
 * @param name
 *            at most 255 bytes of UTF-8
 * @param type
 *            {@code direct}, {@code fanout}, {@code topic}, {@code headers} or
 *            {@code x-delayed-message}
 * @param internal
 *            clients may not publish to it
 * @param autoDelete
 *            deleted when its last binding goes
 * @param arguments
 *            {@code alternate-exchange}, {@code x-…}, as sent
 */
public record ExchangeDeclaration(String name, String type, boolean durable, boolean autoDelete,
        boolean internal, Table arguments) {}
