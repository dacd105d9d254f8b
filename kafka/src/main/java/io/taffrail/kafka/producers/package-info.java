/** Idempotent producers: their ids and their state. */
@NullMarked
package io.taffrail.kafka.producers;

import org.jspecify.annotations.NullMarked;
