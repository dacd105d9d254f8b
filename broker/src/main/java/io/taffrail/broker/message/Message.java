package io.taffrail.broker.message;

import java.nio.ByteBuffer;

/**
 * A message on its way in. Buffers are the caller's again when the call that took the message
 * returns: the domain copies what it stores, once for each queue.
 *
 * @param exchange
 *            name of the exchange it is published to; empty for the default one
 * @param routingKey
 *            at most 255 bytes, as {@link ByteText}
 * @param properties
 *            as {@link Properties} has them
 * @param body
 *            position to limit; left as it was
 */
public record Message(String exchange, String routingKey, Properties properties, ByteBuffer body) {}
