package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.spi.WritableLog;

/** What a queue is kept in, open and read. */
public record QueueLogs(WritableLog messages, CursorLog cursor) {}
