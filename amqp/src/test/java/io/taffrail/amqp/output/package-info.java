/** Tests of the frame output. */
@NullMarked
package io.taffrail.amqp.output;

import org.jspecify.annotations.NullMarked;
