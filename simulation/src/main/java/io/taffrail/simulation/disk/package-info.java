/**
 * A disk that keeps forced data. Of the rest it keeps what the dice decide: sectors and names in
 * any combination, and garbage in sectors being written.
 */
@NullMarked
package io.taffrail.simulation.disk;

import org.jspecify.annotations.NullMarked;
