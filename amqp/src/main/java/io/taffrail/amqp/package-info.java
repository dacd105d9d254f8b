/** The AMQP 0-9-1 head: serves RabbitMQ's clients from the broker's queues. */
@NullMarked
package io.taffrail.amqp;

import org.jspecify.annotations.NullMarked;
