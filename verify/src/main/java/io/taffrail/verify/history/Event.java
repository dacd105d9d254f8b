package io.taffrail.verify.history;

/**
 * One line of a history.
 *
 * @param timeNs
 *            since the history began; never decreases from line to line
 * @param process
 *            who acts, for example {@code producer-1}
 * @param place
 *            {@code kafka:TOPIC/PARTITION}, {@code amqp:QUEUE}, or empty
 * @param value
 *            which message, see {@link Value}; {@link Value#NONE} if it is about none, or if what
 *            was read is none that was ever written
 * @param offset
 *            where, or -1
 * @param note
 *            anything else; the group of a COMMIT, the name of a FAULT, the reason of a failure
 */
public record Event(long timeNs, String process, Action action, Phase phase, String place,
        long value, long offset, String note) {

    /** An event that has no time yet. */
    public static Event of(String process, Action action, Phase phase, String place) {
        return new Event(0, process, action, phase, place, Value.NONE, -1, "");
    }

    public Event value(long newValue) {
        return new Event(timeNs, process, action, phase, place, newValue, offset, note);
    }

    public Event offset(long newOffset) {
        return new Event(timeNs, process, action, phase, place, value, newOffset, note);
    }

    public Event note(String newNote) {
        return new Event(timeNs, process, action, phase, place, value, offset, newNote);
    }

    public Event at(long newTimeNs) {
        return new Event(newTimeNs, process, action, phase, place, value, offset, note);
    }
}
