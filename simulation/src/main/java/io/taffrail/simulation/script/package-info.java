/**
 * Short scripts of an operator and a client on a whole broker, each repeated with a crash at every
 * operation of the disk.
 */
@NullMarked
package io.taffrail.simulation.script;

import org.jspecify.annotations.NullMarked;
