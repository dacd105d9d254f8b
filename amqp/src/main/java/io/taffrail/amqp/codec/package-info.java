/**
 * Encoding and decoding of AMQP 0-9-1: functions between buffers and records, without sockets.
 * Stateless and safe for any thread, except {@link io.taffrail.amqp.codec.FrameCutter}.
 */
@NullMarked
package io.taffrail.amqp.codec;

import org.jspecify.annotations.NullMarked;
