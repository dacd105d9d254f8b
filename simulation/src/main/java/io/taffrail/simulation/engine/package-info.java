/**
 * The local engine on a simulated disk: random requests, the promises it made, and checks that it
 * keeps them over any number of crashes.
 */
@NullMarked
package io.taffrail.simulation.engine;

import org.jspecify.annotations.NullMarked;
