/** Tests of connections, with RabbitMQ's Java client and with bytes that no client would send. */
@NullMarked
package io.taffrail.amqp.net;

import org.jspecify.annotations.NullMarked;
