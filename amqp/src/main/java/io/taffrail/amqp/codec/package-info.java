/**
 * AMQP 0-9-1 as bytes: pure functions between buffers and records, without state and without
 * sockets. Everything here may be called from any thread.
 */
@NullMarked
package io.taffrail.amqp.codec;

import org.jspecify.annotations.NullMarked;
