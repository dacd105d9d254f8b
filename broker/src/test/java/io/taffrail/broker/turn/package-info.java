/** Tests of turns. */
@NullMarked
package io.taffrail.broker.turn;

import org.jspecify.annotations.NullMarked;
