/**
 * The ack cursor of a queue: which messages are settled or returned, and how often they were
 * delivered; stored in an internal log of the queue.
 */
@NullMarked
package io.taffrail.broker.cursor;

import org.jspecify.annotations.NullMarked;
