/** The Kafka head: from the wire to the domain and back. */
@NullMarked
package io.taffrail.kafka;

import org.jspecify.annotations.NullMarked;
