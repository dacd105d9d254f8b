/**
 * Queues over the simulated engine: random actions of clients of a virtual host, the promises made
 * to them, and checks that they are kept over any number of crashes.
 */
@NullMarked
package io.taffrail.simulation.queue;

import org.jspecify.annotations.NullMarked;
