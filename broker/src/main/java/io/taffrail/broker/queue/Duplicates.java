package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deduplication.Mark;
import io.taffrail.broker.deduplication.MarkTable;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The marks of the messages a queue holds, ready or handed out. Not stored: the log says them once
 * more after a restart. A message that expires takes its mark along at its time, wherever it is.
 */
final class Duplicates {

    private final MarkTable marks = new MarkTable();
    /** Marks of what has come since the log began to be read; null when it was read to its end. */
    private @Nullable MarkTable later = new MarkTable();
    private final CursorLog cursor;
    private final Expiration expiration;

    Duplicates(CursorLog cursor, Expiration expiration) {
        this.cursor = cursor;
        this.expiration = expiration;
        cursor.onSettled(this::removeRange);
    }

    private void removeRange(long from, long to) {
        marks.removeRange(from, to);
        MarkTable since = later;
        if (since != null) {
            since.removeRange(from, to);
        }
    }

    /** Whether the marks of all that is held are known. */
    boolean isLoaded() {
        return later == null;
    }

    /**
     * Reads the marks of what is held, in steps, between which messages may come and go. Until that
     * is done a duplicate of what was not read yet is not found.
     *
     * @param end
     *            where that ends: what comes from there on was, or is, added one by one
     */
    Steps.Work load(ReadableLog log, long end) {
        return new Load(log, end);
    }

    private final class Load implements Steps.Work {

        private final ReadWindow window;
        private final long end;
        private long next;

        Load(ReadableLog log, long end) {
            this.window = new ReadWindow(log);
            this.end = end;
        }

        @Override
        public boolean goOn(Budget budget) {
            AckCursor held = cursor.cursor();
            next = held.nextUnsettled(next);
            while (next < end && !budget.isSpent()) {
                next = window.seek(next) ? window.message().offset() : end;
                if (next < end) {
                    budget.spend(window.message().bodyBytes());
                    if (!held.isSettled(next)) {
                        take(window.message(), marks);
                    }
                    next = held.nextUnsettled(next + 1);
                }
            }
            window.close();
            return next >= end && takeLater(budget);
        }
    }

    /** Adds what came meanwhile, which is behind all that was read. */
    private boolean takeLater(Budget budget) {
        MarkTable since = later;
        while (since != null && since.size() > 0 && !budget.isSpent()) {
            Mark mark = since.first();
            marks.remove(mark);
            marks.add(mark, since.firstId(), since.firstEndsAtMs());
            since.removeFirst();
            budget.spend(0);
        }
        if (since != null && since.size() > 0) {
            return false;
        }
        later = null;
        return true;
    }

    private void take(RecordCursor message, MarkTable to) {
        Properties properties = Properties.of(message.properties());
        Mark.of(properties).ifPresent(mark -> {
            to.remove(mark);
            to.add(mark, message.offset(), expiration.at(properties, message.timestampMs()));
        });
    }

    private MarkTable latest() {
        MarkTable since = later;
        return since == null ? marks : since;
    }

    /** Whether the queue holds a message of the same mark. */
    boolean has(Message message, long nowMs) {
        return Mark.of(message.properties()).filter(mark -> marks.contains(mark, nowMs)
                || cameLater(mark, nowMs)).isPresent();
    }

    private boolean cameLater(Mark mark, long nowMs) {
        MarkTable since = later;
        return since != null && since.contains(mark, nowMs);
    }

    /** A message comes in, at this offset if it is stored. */
    void add(Message message, long offset, long nowMs) {
        Mark.of(message.properties()).ifPresent(mark -> latest().add(mark, offset,
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
            take(records, latest());
        }
    }

    /** Messages from this offset on were not stored. */
    void notStored(long from) {
        removeRange(from, Long.MAX_VALUE);
    }
}
