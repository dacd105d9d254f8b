/**
 * The Kafka head in a simulated world: clients that send real requests over a network that loses
 * connections, and what they were promised.
 */
@NullMarked
package io.taffrail.simulation.kafka;

import org.jspecify.annotations.NullMarked;
