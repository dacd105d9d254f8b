/** The Kafka head: translates between Kafka's protocol and the broker's domain. */
@NullMarked
package io.taffrail.kafka;

import org.jspecify.annotations.NullMarked;
