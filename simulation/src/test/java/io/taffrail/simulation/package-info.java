/** Runs of the simulation with many seeds each. */
@NullMarked
package io.taffrail.simulation;

import org.jspecify.annotations.NullMarked;
