/** What a connection holds. */
@NullMarked
package io.taffrail.amqp.memory;

import org.jspecify.annotations.NullMarked;
