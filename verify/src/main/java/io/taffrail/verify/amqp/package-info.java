/** The workload over AMQP 0-9-1, through RabbitMQ's own Java client. */
@NullMarked
package io.taffrail.verify.amqp;

import org.jspecify.annotations.NullMarked;
