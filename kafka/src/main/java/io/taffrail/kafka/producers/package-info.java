/** Idempotent producers: ids and what is known of them. */
@NullMarked
package io.taffrail.kafka.producers;

import org.jspecify.annotations.NullMarked;
