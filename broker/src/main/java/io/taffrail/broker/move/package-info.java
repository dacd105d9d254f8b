/**
 * Moves of messages from a queue to other queues of its virtual host, on an operator's request:
 * redriving dead letters to the queues that they came from. Speaks no protocol. A move runs on a
 * thread that may block; each of its steps is a short task of the host's owner.
 */
@NullMarked
package io.taffrail.broker.move;

import org.jspecify.annotations.NullMarked;
