/** Tests of the whole broker with RabbitMQ's Java client. */
@NullMarked
package io.taffrail.testkit.amqp;

import org.jspecify.annotations.NullMarked;
