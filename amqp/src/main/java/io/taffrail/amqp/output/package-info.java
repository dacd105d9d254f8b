/** Output of a connection: frames and their buffer. */
@NullMarked
package io.taffrail.amqp.output;

import org.jspecify.annotations.NullMarked;
