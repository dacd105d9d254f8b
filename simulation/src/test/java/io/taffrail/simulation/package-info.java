/** Runs of the simulation, many seeds each. */
@NullMarked
package io.taffrail.simulation;

import org.jspecify.annotations.NullMarked;
