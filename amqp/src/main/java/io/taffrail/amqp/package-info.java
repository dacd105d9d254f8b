/** The AMQP 0-9-1 head: what RabbitMQ's clients speak, over the domain's queues. */
@NullMarked
package io.taffrail.amqp;

import org.jspecify.annotations.NullMarked;
