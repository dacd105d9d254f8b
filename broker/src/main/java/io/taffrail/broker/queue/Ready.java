package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.schedule.Budget;
import java.util.ArrayList;
import java.util.List;
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
    /** Messages from {@link #measured} up to this have not been counted in {@link #sizeBytes}. */
    private final long unmeasured;
    private long measured;
    /** Purges that wait until what they are to take is readable. */
    private final List<Purge> purges = new ArrayList<>(0);
    private boolean atReturned;

    /** What is ready behind the messages that a purge is to take. */
    static final class Purge {

        private final long end;
        private long laterBytes;

        private Purge(long end, long laterBytes) {
            this.end = end;
            this.laterBytes = laterBytes;
        }

        /** First offset that stays. */
        long end() {
            return end;
        }
    }

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

    /**
     * Finds out how many bytes are ready by reading what nobody has counted yet: in steps, of which
     * each ends soon after the budget is spent, and between which messages may come and go.
     *
     * @return whether all are counted
     */
    boolean measure(Budget budget) {
        while (measured < unmeasured && !budget.isSpent()) {
            long next = nextReady(measured);
            if (next >= unmeasured || !back.seek(next)
                    || back.message().offset() >= unmeasured) {
                measured = unmeasured;
                break;
            }
            RecordCursor message = back.message();
            if (isReady(message.offset())) {
                sizeBytes += message.bodyBytes();
            }
            measured = message.offset() + 1;
            budget.spend(message.bodyBytes());
        }
        back.close();
        return measured >= unmeasured;
    }

    /** Where the next ready message may be: whatever lies before it is settled, or held. */
    private long nextReady(long from) {
        long next = cursor.nextUnsettled(from);
        if (priorities != null || next >= position) {
            return next;
        }
        return Math.min(position, cursor.nextReturned(next));
    }

    private boolean isReady(long offset) {
        if (cursor.isSettled(offset)) {
            return false;
        }
        return priorities == null
                ? offset >= position || cursor.isReturned(offset)
                : priorities.contains(offset);
    }

    private boolean isMeasured(long offset) {
        return offset >= unmeasured || offset < measured;
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
        for (int index = 0; index < purges.size(); index++) {
            purges.get(index).laterBytes += bodyBytes;
        }
    }

    /** A message is ready no more, or (negative) again. */
    private void gone(long offset, long bodyBytes) {
        if (isMeasured(offset)) {
            sizeBytes -= bodyBytes;
        }
        for (int index = 0; index < purges.size(); index++) {
            Purge purge = purges.get(index);
            purge.laterBytes -= offset >= purge.end ? bodyBytes : 0;
        }
    }

    /**
     * Begins to count what is not for a purge.
     *
     * @param end
     *            first offset that stays: what is below is stored, and nothing from there on was
     *            handed out
     * @param laterBytes
     *            bytes of the bodies of what is in from there on
     */
    Purge purge(long end, long laterBytes) {
        Purge purge = new Purge(end, laterBytes);
        purges.add(purge);
        return purge;
    }

    /** Does not count any more. */
    void forget(Purge purge) {
        purges.remove(purge);
    }

    /**
     * Makes {@link #peek} possible: takes in what has come, for an order other than the log's.
     *
     * @param end
     *            first offset that is not readable yet
     * @return false if the budget is spent before all that is in; to be called again then
     */
    boolean prepare(long end, Budget budget) {
        return priorities == null || priorities.catchUp(end, budget);
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
        gone(message().offset(), message().bodyBytes());
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
        gone(delivery.offset(), -delivery.bodyBytes());
        if (priorities != null && find(delivery.offset())) {
            priorities.add(back.message());
        }
    }

    /**
     * Settles everything ready below the purge's end, which is durable: by ranges and in one
     * record, however many messages those are, so a crash undoes all of it or nothing. What is
     * known to be damaged stays unsettled.
     *
     * @return how many those were
     */
    long settle(Purge purge) {
        long end = purge.end;
        long purged = priorities == null
                ? settle(cursor.returnedBelow(end)) + settleFromPosition(end)
                : settle(priorities.takeBelow(end));
        position = Math.max(position, end);
        sizeBytes = purge.laterBytes;
        measured = Math.max(measured, end);
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
