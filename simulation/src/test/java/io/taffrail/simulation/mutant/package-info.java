/** Mutants of the engine and the broker, which the simulation must detect. */
@NullMarked
package io.taffrail.simulation.mutant;

import org.jspecify.annotations.NullMarked;
