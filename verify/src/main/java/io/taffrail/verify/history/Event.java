package io.taffrail.verify.history;

/**
 * One line of a history.
 *
 * @param timeNs
 *            nanoseconds since the history began; does not decrease from line to line
 * @param process
 *            the acting process, for example {@code producer-1}
 * @param action
 *            the action
 * @param phase
 *            progress of the action
 * @param place
 *            {@code kafka:TOPIC/PARTITION}, {@code amqp:QUEUE}, or empty
 * @param value
 *            the message, see {@link Value}; {@link Value#NONE} if the event concerns none,
 *            or if the data read is not a message of the workload
 * @param offset
 *            offset in the partition; -1 if there is none
 * @param note
 *            further information: the group of a COMMIT, the name of a FAULT,
 *            the reason of a failure
 * @param transaction
 *            the transaction that the event belongs to, as the number of a client and of its
 *            transaction in the form of {@link Value}; {@link Value#NONE} if there is none
 */
public record Event(long timeNs, String process, Action action, Phase phase, String place,
        long value, long offset, String note, long transaction) {

    /** Returns an event without a time, value, offset or note. */
    public static Event of(String process, Action action, Phase phase, String place) {
        return new Event(0, process, action, phase, place, Value.NONE, -1, "",
                Value.NONE);
    }

    public Event value(long newValue) {
        return new Event(timeNs, process, action, phase, place, newValue, offset, note,
                transaction);
    }

    public Event offset(long newOffset) {
        return new Event(timeNs, process, action, phase, place, value, newOffset, note,
                transaction);
    }

    public Event note(String newNote) {
        return new Event(timeNs, process, action, phase, place, value, offset, newNote,
                transaction);
    }

    public Event at(long newTimeNs) {
        return new Event(newTimeNs, process, action, phase, place, value, offset, note,
                transaction);
    }

    public Event transaction(long newTransaction) {
        return new Event(timeNs, process, action, phase, place, value, offset, note,
                newTransaction);
    }

    /** Returns whether the event acknowledges a message, or a transaction with its messages. */
    public boolean acknowledges() {
        return phase == Phase.OK && (action == Action.TXN_COMMIT
                || (action == Action.SEND && transaction == Value.NONE));
    }
}
