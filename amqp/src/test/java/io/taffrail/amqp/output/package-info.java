/** Frames on their way out. */
@NullMarked
package io.taffrail.amqp.output;

import org.jspecify.annotations.NullMarked;
