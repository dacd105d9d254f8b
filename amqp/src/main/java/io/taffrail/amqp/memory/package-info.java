/**
 * The memory that one connection holds: {@link io.taffrail.amqp.memory.HeldMemory} charges all of
 * it
 * to the connection's share of the budget, a {@link io.taffrail.amqp.memory.Quota} bounds one kind
 * of it. On the connection's loop only.
 */
@NullMarked
package io.taffrail.amqp.memory;

import org.jspecify.annotations.NullMarked;
