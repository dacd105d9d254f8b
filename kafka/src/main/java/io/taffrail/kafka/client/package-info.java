/**
 * A client of any broker that speaks Kafka's protocol, for the command line and for tests, free of
 * Kafka's own types. Its objects belong to one thread, except where they say otherwise.
 */
@NullMarked
package io.taffrail.kafka.client;

import org.jspecify.annotations.NullMarked;
