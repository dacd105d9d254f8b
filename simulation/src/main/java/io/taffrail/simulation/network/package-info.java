/**
 * A network between clients and heads: the head's own channel handlers run on simulated event
 * loops, over connections whose bytes come in pieces, late, or not at all.
 */
@NullMarked
package io.taffrail.simulation.network;

import org.jspecify.annotations.NullMarked;
