/**
 * Queues over the simulated engine: what clients of a virtual host do, what they were promised, and
 * whether that was kept over any number of crashes.
 */
@NullMarked
package io.taffrail.simulation.queue;

import org.jspecify.annotations.NullMarked;
