/**
 * The Kafka head in the simulated world: clients that send real requests over a network that loses
 * connections, and checks of the promises made to them.
 */
@NullMarked
package io.taffrail.simulation.kafka;

import org.jspecify.annotations.NullMarked;
