/**
 * Queues: a log with an ack cursor, its consumers and its settings. Everything runs on the owner
 * thread of the virtual host.
 */
@NullMarked
package io.taffrail.broker.queue;

import org.jspecify.annotations.NullMarked;
