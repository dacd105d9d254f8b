/**
 * AMQP sockets, the handshake and the life cycle of a connection. From {@code connection.open} on,
 * a connection and all its state belong to the event loop that owns its virtual host, so there
 * is no thread hop between socket and queue.
 */
@NullMarked
package io.taffrail.amqp.net;

import org.jspecify.annotations.NullMarked;
