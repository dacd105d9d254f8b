/**
 * The ack cursor of a queue: what is settled, what came back, how often; recorded in an internal
 * log of the queue.
 */
@NullMarked
package io.taffrail.broker.cursor;

import org.jspecify.annotations.NullMarked;
