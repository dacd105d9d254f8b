package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.WritableLog;

/** The open logs of a queue: its messages, and the replayed cursor. */
public record QueueLogs(WritableLog messages, CursorLog cursor) {}
