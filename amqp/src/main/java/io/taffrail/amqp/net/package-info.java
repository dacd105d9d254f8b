/**
 * Sockets, the handshake and the life of a connection. A connection, with everything in it, belongs
 * to one event loop: that of its virtual host from {@code connection.open} on, so that between
 * socket and queue there is no hop.
 */
@NullMarked
package io.taffrail.amqp.net;

import org.jspecify.annotations.NullMarked;
