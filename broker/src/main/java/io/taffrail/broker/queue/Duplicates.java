package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deduplication.Mark;
import io.taffrail.broker.deduplication.MarkTable;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;

/**
 * The marks of the messages a queue holds, ready or handed out. Not stored: the log says them once
 * more after a restart. A message that expires takes its mark along at its time, wherever it is.
 */
final class Duplicates {

    private final MarkTable marks = new MarkTable();
    private final CursorLog cursor;
    private final Expiration expiration;

    Duplicates(CursorLog cursor, Expiration expiration) {
        this.cursor = cursor;
        this.expiration = expiration;
        cursor.onSettled(marks::removeRange);
    }

    /** Reads the marks of what is held. */
    void load(ReadableLog log) {
        ReadWindow window = new ReadWindow(log);
        long next = cursor.cursor().floor();
        while (window.seek(next)) {
            RecordCursor message = window.message();
            next = message.offset() + 1;
            if (!cursor.cursor().isSettled(message.offset())) {
                load(message);
            }
        }
        window.close();
    }

    private void load(RecordCursor message) {
        Properties properties = Properties.of(message.properties());
        Mark.of(properties).ifPresent(mark -> {
            marks.remove(mark);
            marks.add(mark, message.offset(), expiration.at(properties, message.timestampMs()));
        });
    }

    /** Whether the queue holds a message of the same mark. */
    boolean has(Message message, long nowMs) {
        return Mark.of(message.properties()).filter(mark -> marks.contains(mark, nowMs))
                .isPresent();
    }

    /** A message comes in, at this offset if it is stored. */
    void add(Message message, long offset, long nowMs) {
        Mark.of(message.properties()).ifPresent(mark -> marks.add(mark, offset,
                expiration.at(message.properties(), nowMs)));
    }

    /**
     * A batch is held whose messages were not asked about one by one: another client appended it,
     * and its producer is to be told an offset for each record; or its offsets have changed.
     */
    void appended(ByteBuffer batch) {
        RecordCursor records = new RecordCursor();
        records.open(batch);
        while (records.next(Long.MIN_VALUE)) {
            load(records);
        }
    }

    /** Messages from this offset on were not stored. */
    void notStored(long from) {
        marks.removeRange(from, Long.MAX_VALUE);
    }
}
