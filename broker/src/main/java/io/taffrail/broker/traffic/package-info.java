/**
 * Counters of messages: published, delivered, settled. Plain numbers that the thread of their owner
 * changes; other threads see copies.
 */
@NullMarked
package io.taffrail.broker.traffic;

import org.jspecify.annotations.NullMarked;
