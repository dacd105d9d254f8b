/**
 * A machine over its lives: started, used, stopped or struck, and looked at. What it serves and
 * what
 * is asked of that is a {@link io.taffrail.simulation.machine.Workload}.
 */
@NullMarked
package io.taffrail.simulation.machine;

import org.jspecify.annotations.NullMarked;
