/**
 * A disk that keeps what was forced and, of the rest, whatever the dice leave: sectors in any
 * combination, names in any combination, garbage where a sector was being written.
 */
@NullMarked
package io.taffrail.simulation.disk;

import org.jspecify.annotations.NullMarked;
