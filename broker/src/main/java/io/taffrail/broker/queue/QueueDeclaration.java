package io.taffrail.broker.queue;

import io.taffrail.broker.message.Table;

/**
 * A queue as a client wants it.
 *
 * @param name
 *            at most 255 bytes of UTF-8; empty: the broker makes one
 * @param exclusive
 *            for this session alone, and gone with it
 * @param autoDelete
 *            deleted when its last consumer goes
 * @param arguments
 *            {@code x-…}, as sent
 */
public record QueueDeclaration(String name, boolean durable, boolean exclusive, boolean autoDelete,
        Table arguments) {}
