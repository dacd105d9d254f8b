/**
 * Client for any broker that speaks Kafka's protocol, for the command line and for tests. Its API
 * has no types of Kafka. Its objects belong to one thread unless stated otherwise.
 */
@NullMarked
package io.taffrail.kafka.client;

import org.jspecify.annotations.NullMarked;
