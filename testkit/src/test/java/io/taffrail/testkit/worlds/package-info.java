/** Kafka's and RabbitMQ's clients on the same messages. */
@NullMarked
package io.taffrail.testkit.worlds;

import org.jspecify.annotations.NullMarked;
