/** Tests of queues and of the reading of their logs. */
@NullMarked
package io.taffrail.broker.queue;

import org.jspecify.annotations.NullMarked;
