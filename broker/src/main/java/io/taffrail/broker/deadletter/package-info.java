/**
 * Dead letters: the headers that describe why queues gave up a message, and the placement of
 * letters.
 */
@NullMarked
package io.taffrail.broker.deadletter;

import org.jspecify.annotations.NullMarked;
