/**
 * Memory accounting of a connection: {@link io.taffrail.amqp.memory.HeldMemory} charges everything
 * it holds to its share of the budget, and {@link io.taffrail.amqp.memory.Quota} limits one kind
 * of it. On the connection's loop only.
 */
@NullMarked
package io.taffrail.amqp.memory;

import org.jspecify.annotations.NullMarked;
