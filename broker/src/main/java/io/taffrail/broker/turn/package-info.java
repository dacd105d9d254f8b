/**
 * Turns: everything a virtual host stores in one turn of its owner's loop is one commit.
 */
@NullMarked
package io.taffrail.broker.turn;

import org.jspecify.annotations.NullMarked;
