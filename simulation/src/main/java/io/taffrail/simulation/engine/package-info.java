/**
 * The local engine on a simulated disk: what may be asked of it, what it promised, and whether it
 * kept that over any number of crashes.
 */
@NullMarked
package io.taffrail.simulation.engine;

import org.jspecify.annotations.NullMarked;
