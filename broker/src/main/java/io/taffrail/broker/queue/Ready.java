package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.schedule.Budget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ready messages of a queue, in delivery order: first those that were requeued, then those in
 * the log from {@link #position} on. No message is in memory except those that a window reads
 * ahead. In a queue with priorities, {@link PriorityIndex} defines the order. Owner thread only.
 */
final class Ready {

    private final MessageLog messages;
    private final CursorLog cursorLog;
    private final AckCursor cursor;
    private final LostRanges lost;
    private final ReadWindow ahead;
    private final ReadWindow back;
    private final @Nullable PriorityIndex priorities;
    private long position;
    private long count;
    private long sizeBytes;
    /** Messages from {@link #measured} up to this offset are not counted in {@link #sizeBytes}. */
    private final long unmeasured;
    private long measured;
    /** Purges that wait until the messages they remove are readable. */
    private final List<Purge> purges = new ArrayList<>(0);
    private boolean atReturned;

    /** A purge of all ready messages below an offset. */
    static final class Purge {

        private final long end;
        private final long lastArrival;
        private long laterBytes;

        private Purge(long end, long laterBytes, long lastArrival) {
            this.end = end;
            this.laterBytes = laterBytes;
            this.lastArrival = lastArrival;
        }

        /** As in {@link MessageWatch#purged}. */
        long lastArrival() {
            return lastArrival;
        }

        /** First offset that is not purged. */
        long end() {
            return end;
        }
    }

    Ready(MessageLog messages, CursorLog cursorLog, int maxPriority, ReadRoom room) {
        this.messages = messages;
        this.cursorLog = cursorLog;
        this.cursor = cursorLog.cursor();
        this.lost = new LostRanges(messages.log().id());
        this.ahead = new ReadWindow(messages.log(), lost, room);
        this.back = new ReadWindow(messages.log(), lost, room);
        this.position = Math.max(cursor.mark(), messages.log().startOffset());
        this.priorities = maxPriority == 0
                ? null
                : new PriorityIndex(maxPriority, ahead, cursor, lost);
        this.count = cursor.returnedCount() + messages.end() - position;
        this.unmeasured = messages.end();
    }

    /**
     * Counts the bytes of ready messages by reading those not counted yet, in steps that end soon
     * after the budget is spent; messages may arrive and be settled between steps.
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

    /**
     * Lower bound of the next ready message: every message between {@code from} and it is settled
     * or in flight.
     */
    private long nextReady(long from) {
        long next = cursor.nextUnsettled(from);
        if (priorities != null || next >= position) {
            return next;
        }
        return Math.min(position, cursor.nextReturned(next));
    }

    /** Whether a message waits to be delivered. */
    boolean isReady(long offset) {
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

    /** Number of ready messages, including those not yet readable. */
    long count() {
        return count;
    }

    /** Bytes of the bodies of ready messages; complete after a restart once {@link #measure}d. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** First message in delivery order; only if there is a ready one. */
    long head() {
        if (priorities != null) {
            long first = priorities.first();
            return first >= 0 ? first : position;
        }
        return cursor.hasReturned() ? cursor.firstReturned() : position;
    }

    /**
     * As {@link #sizeBytes}; while messages from before a restart are not measured, estimated by
     * the mean size of the stored messages.
     */
    long estimatedBytes(long logBytes) {
        if (measured >= unmeasured || cursor.floor() >= unmeasured) {
            return Math.max(0, sizeBytes);
        }
        long stored = Math.max(1, messages.end() - messages.log().startOffset());
        return Math.max(sizeBytes, (long) ((double) logBytes / stored * count));
    }

    /** Counts messages that were added, or (negative) that were not stored. */
    void added(int messageCount, long bodyBytes) {
        count += messageCount;
        sizeBytes += bodyBytes;
        for (int index = 0; index < purges.size(); index++) {
            purges.get(index).laterBytes += bodyBytes;
        }
    }

    /** Takes a message out of the byte count, or (with negative bytes) puts it back. */
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
     * Begins a purge, which counts the bytes of messages behind its end.
     *
     * @param end
     *            first offset that stays: all messages below are stored, and none from there on was
     *            delivered
     * @param laterBytes
     *            bytes of the bodies of messages from there on
     * @param lastArrival
     *            as in {@link MessageWatch#purged}
     */
    Purge purge(long end, long laterBytes, long lastArrival) {
        Purge purge = new Purge(end, laterBytes, lastArrival);
        purges.add(purge);
        return purge;
    }

    /** Ends the counting for a purge. */
    void forget(Purge purge) {
        purges.remove(purge);
    }

    /**
     * Prepares {@link #peek} for an order other than the log's, by indexing new messages.
     *
     * @param end
     *            first offset that is not readable yet
     * @return false if the budget is spent before all are indexed; the caller then calls again
     */
    boolean prepare(long end, Budget budget) {
        return priorities == null || priorities.catchUp(end, budget);
    }

    /** Whether the message at this offset can be read; {@link #found} then returns it. */
    boolean find(long offset) {
        return back.seek(offset) && back.message().offset() == offset;
    }

    /** Whether the message at this offset is damaged; it stays unsettled and is not delivered. */
    boolean isLost(long offset) {
        return lost.contains(offset);
    }

    /** The message read by {@link #find}; valid until the next call of another method. */
    RecordCursor found() {
        return back.message();
    }

    /** Moves to the next message in delivery order that is readable; false if there is none. */
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

    /** Skips a damaged message without settling it: the next start tries to read it again. */
    private void passOver(long offset) {
        if (cursor.isReturned(offset)) {
            cursorLog.takeAgain(offset);
        } else {
            cursorLog.handedOut(offset + 1);
        }
    }

    /** Moves the position behind a damaged range, whose messages then count as in flight. */
    private void passOverLost() {
        long end = lost.endOf(position);
        if (end > position) {
            count -= end - position;
            position = end;
            cursorLog.handedOut(end);
        }
    }

    /** The current message; valid until the next call of another method. */
    RecordCursor message() {
        return atReturned ? back.message() : ahead.message();
    }

    /** Whether the current message was delivered and requeued before. */
    boolean isReturned() {
        return atReturned && cursor.isReturned(back.message().offset());
    }

    /** Takes the current message: it is no longer ready. */
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

    /** Settles offsets without a record, as they would keep the floor from moving. */
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

    /** First offset that was not taken yet; messages below are settled, in flight or requeued. */
    long position() {
        return position;
    }

    /** Makes a message that was taken ready again. */
    void giveBack(HeldDelivery delivery, int deliveries) {
        cursorLog.giveBack(delivery.offset(), deliveries);
        count++;
        gone(delivery.offset(), -delivery.bodyBytes());
        if (priorities != null && find(delivery.offset())) {
            priorities.add(back.message());
        }
    }

    /**
     * Settles all ready messages below the purge's end, which is durable. However many they are,
     * the settlement is one record of ranges, so a crash undoes all of it or nothing. Messages
     * known to be damaged stay unsettled.
     *
     * @return number of messages settled
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

    /** Settles ready messages, given as pairs of first offset and end; returns their number. */
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

    /** Releases buffers while there are no readers. */
    void idle() {
        ahead.close();
        back.close();
    }

    /** Nobody reads any more. */
    void release() {
        ahead.release();
        back.release();
    }
}
