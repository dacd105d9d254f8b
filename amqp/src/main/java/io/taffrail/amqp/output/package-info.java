/** Frames on their way out of a connection. */
@NullMarked
package io.taffrail.amqp.output;

import org.jspecify.annotations.NullMarked;
