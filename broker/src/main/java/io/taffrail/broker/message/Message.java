package io.taffrail.broker.message;

import java.nio.ByteBuffer;

/**
 * An incoming message. The caller may reuse the buffers when the call that took the message
 * returns: the domain copies the stored bytes, once for each queue.
 *
 * @param exchange
 *            name of the exchange it is published to; empty for the default exchange
 * @param routingKey
 *            at most 255 bytes, as {@link ByteText}
 * @param properties
 *            the property section, see {@link Properties}
 * @param body
 *            position to limit; both stay unchanged
 */
public record Message(String exchange, String routingKey, Properties properties, ByteBuffer body) {}
