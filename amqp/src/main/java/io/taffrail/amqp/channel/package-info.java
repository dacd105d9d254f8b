/**
 * AMQP channels: {@link io.taffrail.amqp.channel.AmqpChannel} puts one class for each concern
 * together. Everything runs on the event loop of the connection, which owns its virtual host.
 */
@NullMarked
package io.taffrail.amqp.channel;

import org.jspecify.annotations.NullMarked;
