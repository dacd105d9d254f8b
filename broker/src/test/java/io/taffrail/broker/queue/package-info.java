/** Queues, and how their logs are read. */
@NullMarked
package io.taffrail.broker.queue;

import org.jspecify.annotations.NullMarked;
