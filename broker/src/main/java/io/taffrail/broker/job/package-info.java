/**
 * Jobs: messages of queues whose state can be asked for. A virtual host keeps the latest state of
 * each job in a compacted log; every change is stored in one commit with the change of the queue
 * that it belongs to. Everything runs on the owner thread of the virtual host. Knows no protocol.
 */
@NullMarked
package io.taffrail.broker.job;

import org.jspecify.annotations.NullMarked;
