/**
 * A simulated network between clients and heads. The heads' own channel handlers run on simulated
 * event loops; bytes arrive in pieces, late, or not at all.
 */
@NullMarked
package io.taffrail.simulation.network;

import org.jspecify.annotations.NullMarked;
