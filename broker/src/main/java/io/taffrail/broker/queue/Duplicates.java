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
 * The de-duplication marks of all messages in a queue, ready or in flight. Not stored: they are
 * read from the log after a restart. The mark of a message with a time to live ends at that time,
 * also while the message is in flight. Owner thread only.
 */
final class Duplicates {

    private final MarkTable marks = new MarkTable();
    /** Marks of messages that arrived while the log is being read; null when it has been read. */
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

    /** Whether the marks of all messages in the queue are known. */
    boolean isLoaded() {
        return later == null;
    }

    /**
     * Returns the work that reads the marks of the stored messages in steps; messages may arrive
     * and be settled between steps. A duplicate of a message not read yet is not detected.
     *
     * @param end
     *            first offset not read; messages from there on are added one by one
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

    /**
     * Adds the marks of messages that arrived during loading; their offsets are above all that was
     * read.
     */
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

    /** Whether the queue has a message with the same mark. */
    boolean has(Message message, long nowMs) {
        return Mark.of(message.properties()).filter(mark -> marks.contains(mark, nowMs)
                || cameLater(mark, nowMs)).isPresent();
    }

    private boolean cameLater(Mark mark, long nowMs) {
        MarkTable since = later;
        return since != null && since.contains(mark, nowMs);
    }

    /** Adds the mark of a message that is about to be stored at this offset. */
    void add(Message message, long offset, long nowMs) {
        Mark.of(message.properties()).ifPresent(mark -> latest().add(mark, offset,
                expiration.at(message.properties(), nowMs)));
    }

    /**
     * Adds the marks of a batch without looking for duplicates: either a log client appended it,
     * whose producer must get an offset for each record, or its offsets have changed.
     */
    void appended(ByteBuffer batch) {
        RecordCursor records = new RecordCursor();
        records.open(batch);
        while (records.next(Long.MIN_VALUE)) {
            take(records, latest());
        }
    }

    /** Removes the marks of messages from this offset on, which were not stored. */
    void notStored(long from) {
        removeRange(from, Long.MAX_VALUE);
    }
}
