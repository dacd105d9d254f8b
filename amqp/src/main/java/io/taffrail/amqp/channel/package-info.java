/**
 * What happens on a channel: one class for each concern, put together by
 * {@link io.taffrail.amqp.channel.AmqpChannel}. Everything runs on the event loop of the
 * connection, which is the owner of its virtual host.
 */
@NullMarked
package io.taffrail.amqp.channel;

import org.jspecify.annotations.NullMarked;
