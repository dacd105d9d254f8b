/**
 * Sockets, frames and the order of requests: what Kafka's protocol is before its messages mean
 * anything. A connection, with everything in it, belongs to its event loop.
 */
@NullMarked
package io.taffrail.kafka.net;

import org.jspecify.annotations.NullMarked;
