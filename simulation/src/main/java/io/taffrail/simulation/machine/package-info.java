/**
 * A machine over its lives: it is started, used, stopped or crashed, and checked. A {@link
 * io.taffrail.simulation.machine.MachineWorkload} defines its services and its clients.
 */
@NullMarked
package io.taffrail.simulation.machine;

import org.jspecify.annotations.NullMarked;
