/**
 * The simulated world of a seed: dice, clock, threads and a trace of the events. All code runs on
 * the calling thread, in an order that the seed decides.
 */
@NullMarked
package io.taffrail.simulation.world;

import org.jspecify.annotations.NullMarked;
