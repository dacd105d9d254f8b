/**
 * The AMQP head in the simulated world: clients that send real frames over a network that loses
 * connections, and checks of the promises made to them.
 */
@NullMarked
package io.taffrail.simulation.amqp;

import org.jspecify.annotations.NullMarked;
