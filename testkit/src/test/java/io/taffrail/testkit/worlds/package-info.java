/** Tests in which Kafka's and RabbitMQ's clients use the same messages. */
@NullMarked
package io.taffrail.testkit.worlds;

import org.jspecify.annotations.NullMarked;
