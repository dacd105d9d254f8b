/**
 * Answers to the question why a message waits: snapshots of a queue, of its consumers and of single
 * messages, and the causes that follow from them. Speaks no protocol; snapshots are taken by one
 * bounded task of the queue's owner, and the values may be used on any thread.
 */
@NullMarked
package io.taffrail.broker.why;

import org.jspecify.annotations.NullMarked;
