/**
 * One seeded world: its dice, its time, its threads and the record of what happened. Everything
 * runs
 * on the calling thread, in an order that the seed decides.
 */
@NullMarked
package io.taffrail.simulation.world;

import org.jspecify.annotations.NullMarked;
