package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.message.RecordCursor;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue that wait for a consumer, in their order: first those that came back,
 * then what lies in the log from {@link #position} on. None of them is in memory, but for what a
 * window reads ahead. In a queue with priorities the order is that of its {@link PriorityIndex}.
 * Owner thread only.
 */
final class Ready {

    private final CursorLog cursorLog;
    private final AckCursor cursor;
    private final LostRanges lost;
    private final ReadWindow ahead;
    private final ReadWindow back;
    private final @Nullable PriorityIndex priorities;
    private long position;
    private long count;
    private long sizeBytes;
    private long cameBytes;
    /** Messages below have not been counted in {@link #sizeBytes}. */
    private long unmeasured;
    private boolean atReturned;

    Ready(MessageLog messages, CursorLog cursorLog, int maxPriority) {
        this.cursorLog = cursorLog;
        this.cursor = cursorLog.cursor();
        this.lost = new LostRanges(messages.log().id());
        this.ahead = new ReadWindow(messages.log(), lost);
        this.back = new ReadWindow(messages.log(), lost);
        this.position = Math.max(cursor.mark(), messages.log().startOffset());
        this.priorities = maxPriority == 0
                ? null
                : new PriorityIndex(maxPriority, ahead, cursor, lost);
        this.count = cursor.returnedCount() + messages.end() - position;
        this.unmeasured = messages.end();
    }

    /** Finds out how many bytes are ready, by reading what nobody has counted yet. */
    void measure() {
        cursor.visitReturned(offset -> {
            if (offset < unmeasured && find(offset)) {
                sizeBytes += back.message().bodyBytes();
            }
        });
        for (long at = position; at < unmeasured && back.seek(at)
                && back.message().offset() < unmeasured; at = back.message().offset() + 1) {
            if (!cursor.isSettled(back.message().offset())
                    && !cursor.isReturned(back.message().offset())) {
                sizeBytes += back.message().bodyBytes();
            }
        }
        unmeasured = 0;
        idle();
    }

    /** How many, also those not yet readable. */
    long count() {
        return count;
    }

    /** Bytes of the bodies of all of them; of what came before a restart if {@link #measure}d. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** More have come in, or (negative) have not been stored. */
    void added(int messageCount, long bodyBytes) {
        count += messageCount;
        sizeBytes += bodyBytes;
        cameBytes += bodyBytes;
    }

    /** Bytes of the bodies of all that came in since the queue was opened, and was stored. */
    long cameBytes() {
        return cameBytes;
    }

    /** Whether the message with this offset can be read; {@link #found} is it then. */
    boolean find(long offset) {
        return back.seek(offset) && back.message().offset() == offset;
    }

    /** Whether the message of this offset is damaged: it stays where it is, in nobody's hands. */
    boolean isLost(long offset) {
        return lost.contains(offset);
    }

    /** What {@link #find} found; valid until the next call of another method. */
    RecordCursor found() {
        return back.message();
    }

    /** Stands at the next one that is readable; false if there is none. */
    boolean peek() {
        return priorities == null ? peekInOrder() : peekByPriority(priorities);
    }

    private boolean peekByPriority(PriorityIndex index) {
        for (long first = index.first(); first >= 0; first = index.first()) {
            if (find(first)) {
                atReturned = true;
                return true;
            }
            index.remove(first);
            count--;
            if (lost.contains(first)) {
                passOver(first);
            } else {
                cursorLog.settle(first, first + 1);
            }
        }
        return false;
    }

    private boolean peekInOrder() {
        while (cursor.hasReturned()) {
            long first = cursor.firstReturned();
            if (!lost.contains(first) && find(first)) {
                atReturned = true;
                return true;
            }
            count--;
            if (lost.contains(first)) {
                passOver(first);
            } else {
                cursorLog.settle(first, first + 1);
                cursor.takeAgain(first);
            }
        }
        atReturned = false;
        boolean found = ahead.seek(position);
        if (!lost.isEmpty()) {
            passOverLost();
        }
        return found;
    }

    /** Nobody is given the message, and nothing is said of it: a start looks for it again. */
    private void passOver(long offset) {
        if (cursor.isReturned(offset)) {
            cursorLog.takeAgain(offset);
        } else {
            cursorLog.handedOut(offset + 1);
        }
    }

    /** Moves the position behind damage, which is no less handed out than what somebody holds. */
    private void passOverLost() {
        long end = lost.endOf(position);
        if (end > position) {
            count -= end - position;
            position = end;
            cursorLog.handedOut(end);
        }
    }

    /** The message it stands at; valid until the next call of another method. */
    RecordCursor message() {
        return atReturned ? back.message() : ahead.message();
    }

    /** Whether the message it stands at has been handed out before. */
    boolean isReturned() {
        return atReturned && cursor.isReturned(back.message().offset());
    }

    /** Takes the message it stands at. */
    void take() {
        count--;
        if (message().offset() >= unmeasured) {
            sizeBytes -= message().bodyBytes();
        }
        if (priorities != null) {
            takeByPriority(priorities, back.message());
        } else if (atReturned) {
            cursorLog.takeAgain(back.message().offset());
        } else {
            skipHoles();
            position = ahead.message().offset() + 1;
        }
    }

    private void takeByPriority(PriorityIndex index, RecordCursor message) {
        index.remove(message);
        if (cursor.isReturned(message.offset())) {
            cursorLog.takeAgain(message.offset());
        }
        position = Math.max(position, message.offset() + 1);
    }

    /** Offsets between that no record has are settled, lest they hold up the floor. */
    private void skipHoles() {
        long offset = ahead.message().offset();
        while (offset > position) {
            long end = Math.min(offset, lost.nextFrom(position));
            if (end > position) {
                cursorLog.settle(position, end);
                count -= end - position;
                position = end;
            } else {
                passOverLost();
            }
        }
    }

    /** First offset that was not taken yet; below are those settled, held or returned. */
    long position() {
        return position;
    }

    /** A message taken before is ready again. */
    void giveBack(HeldDelivery delivery, int deliveries) {
        cursorLog.giveBack(delivery.offset(), deliveries);
        count++;
        sizeBytes += delivery.offset() >= unmeasured ? delivery.bodyBytes() : 0;
        if (priorities != null && find(delivery.offset())) {
            priorities.add(back.message());
        }
    }

    /**
     * Settles everything ready below {@code end}, which is durable: by ranges and in one record,
     * however many messages those are, so a crash undoes all of it or nothing. What is known to be
     * damaged stays unsettled.
     *
     * @param laterBytes
     *            bytes of the bodies of what is ready from {@code end} on
     * @return how many those were
     */
    long settleBelow(long end, long laterBytes) {
        long purged = priorities == null
                ? settle(cursor.returnedRanges()) + settleFromPosition(end)
                : settle(priorities.takeBelow(end));
        position = Math.max(position, end);
        sizeBytes = count == 0 ? 0 : laterBytes;
        idle();
        return purged;
    }

    private long settleFromPosition(long end) {
        return end > position ? settle(new long[]{position, end}) : 0;
    }

    /** Settles ready messages: pairs of first offset and end. */
    private long settle(long[] ranges) {
        long settled = 0;
        for (int index = 0; index < ranges.length; index += 2) {
            long from = ranges[index];
            long to = ranges[index + 1];
            count -= to - from;
            while (from < to) {
                long end = Math.min(to, lost.nextFrom(from));
                if (end > from) {
                    cursorLog.settle(from, end);
                    settled += end - from;
                    from = end;
                } else {
                    passOver(from);
                    from++;
                }
            }
        }
        return settled;
    }

    /** Nobody reads for now: lets go of buffers. */
    void idle() {
        ahead.close();
        back.close();
    }
}
