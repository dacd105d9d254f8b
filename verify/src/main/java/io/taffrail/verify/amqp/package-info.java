/** The workload over AMQP 0-9-1, with RabbitMQ's own Java client. */
@NullMarked
package io.taffrail.verify.amqp;

import org.jspecify.annotations.NullMarked;
