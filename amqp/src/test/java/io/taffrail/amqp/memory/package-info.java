/** Tests of memory accounting. */
@NullMarked
package io.taffrail.amqp.memory;

import org.jspecify.annotations.NullMarked;
