/** Dead letters: what a message carries when a queue gave it up. Pure. */
@NullMarked
package io.taffrail.broker.deadletter;

import org.jspecify.annotations.NullMarked;
