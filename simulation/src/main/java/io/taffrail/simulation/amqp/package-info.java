/**
 * The AMQP head in a simulated world: clients that send real frames over a network that loses
 * connections, and what they were promised.
 */
@NullMarked
package io.taffrail.simulation.amqp;

import org.jspecify.annotations.NullMarked;
