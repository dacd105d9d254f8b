/**
 * Sockets, frames and the order of requests: the part of Kafka's protocol below the meaning of its
 * messages. A connection and all its objects belong to the connection's event loop.
 */
@NullMarked
package io.taffrail.kafka.net;

import org.jspecify.annotations.NullMarked;
