/** Engines that are broken on purpose, which the simulation has to notice. */
@NullMarked
package io.taffrail.simulation.mutant;

import org.jspecify.annotations.NullMarked;
