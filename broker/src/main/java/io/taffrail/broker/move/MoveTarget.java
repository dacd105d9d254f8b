package io.taffrail.broker.move;

import io.taffrail.broker.message.Properties;

/**
 * The destination of a moved message.
 *
 * @param queue
 *            the queue that gets it, whatever the bindings are
 * @param exchange
 *            exchange that its consumers see
 * @param routingKey
 *            routing key that its consumers see
 */
public record MoveTarget(String queue, String exchange, String routingKey,
        Properties properties) {}
