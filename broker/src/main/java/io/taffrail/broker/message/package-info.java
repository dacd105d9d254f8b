/**
 * A message as the domain sees and stores it: where it was published, its properties in their typed
 * binary form, its body; and the mapping to a record of a log.
 */
@NullMarked
package io.taffrail.broker.message;

import org.jspecify.annotations.NullMarked;
