package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.message.RecordCursor;

/**
 * The messages of a queue that wait for a consumer, in their order: first those that came back,
 * then what lies in the log from {@link #position} on. None of them is in memory, but for what a
 * window reads ahead. Owner thread only.
 */
final class Ready {

    private final MessageLog messages;
    private final CursorLog cursorLog;
    private final AckCursor cursor;
    private final ReadWindow ahead;
    private final ReadWindow back;
    private long position;
    private long count;
    private boolean atReturned;

    Ready(MessageLog messages, CursorLog cursorLog) {
        this.messages = messages;
        this.cursorLog = cursorLog;
        this.cursor = cursorLog.cursor();
        this.ahead = new ReadWindow(messages.log());
        this.back = new ReadWindow(messages.log());
        this.position = Math.max(cursor.mark(), messages.log().startOffset());
        long settledAhead = Math.max(0, cursor.floor() - position);
        this.count = cursor.returnedCount() + messages.end() - position - settledAhead;
    }

    /** How many, also those not yet readable. */
    long count() {
        return count;
    }

    /** More have come in, or (negative) have not been stored. */
    void added(int messageCount) {
        count += messageCount;
    }

    /** Stands at the next one that is readable; false if there is none. */
    boolean peek() {
        while (cursor.hasReturned()) {
            long first = cursor.firstReturned();
            if (back.seek(first) && back.message().offset() == first) {
                atReturned = true;
                return true;
            }
            count--;
            cursorLog.settle(first, first + 1);
            cursor.takeAgain(first);
        }
        atReturned = false;
        return ahead.seek(position);
    }

    /** The message it stands at; valid until the next call of another method. */
    RecordCursor message() {
        return atReturned ? back.message() : ahead.message();
    }

    /** Whether the message it stands at has been handed out before. */
    boolean isReturned() {
        return atReturned;
    }

    /** Takes the message it stands at. */
    void take() {
        count--;
        if (atReturned) {
            cursorLog.takeAgain(back.message().offset());
        } else {
            skipHoles();
            position = ahead.message().offset() + 1;
        }
    }

    /** Offsets between that no record has are settled, lest they hold up the floor. */
    private void skipHoles() {
        long offset = ahead.message().offset();
        if (offset > position) {
            cursorLog.settle(position, offset);
            count -= offset - position;
        }
    }

    /** First offset that was not taken yet; below are those settled, held or returned. */
    long position() {
        return position;
    }

    /** A message taken before is ready again. */
    void giveBack(long offset, int deliveries) {
        cursorLog.giveBack(offset, deliveries);
        count++;
    }

    /** Settles everything ready that is readable; returns how many those were. */
    long settleAll() {
        long purged = 0;
        while (cursor.hasReturned()) {
            long offset = cursor.firstReturned();
            cursorLog.takeAgain(offset);
            cursorLog.settle(offset, offset + 1);
            purged++;
        }
        long end = messages.log().durableEnd();
        if (end > position) {
            cursorLog.settle(position, end);
            purged += end - position;
            position = end;
        }
        count -= purged;
        idle();
        return purged;
    }

    /** Nobody reads for now: lets go of buffers. */
    void idle() {
        ahead.close();
        back.close();
    }
}
