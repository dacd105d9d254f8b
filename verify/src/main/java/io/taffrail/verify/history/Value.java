package io.taffrail.verify.history;

/**
 * The identity of a message: who wrote it, and its number among what that writer sent to one place.
 * Kept in one {@code long}: the producer in the upper 24 bits, the sequence in the lower 40.
 */
public final class Value {

    /** No message. */
    public static final long NONE = -1;

    private static final int SEQUENCE_BITS = 40;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private Value() {}

    public static long of(int producer, long sequence) {
        return ((long) producer << SEQUENCE_BITS) | sequence;
    }

    public static int producer(long value) {
        return (int) (value >>> SEQUENCE_BITS);
    }

    public static long sequence(long value) {
        return value & SEQUENCE_MASK;
    }

    /** For example {@code 3.17}: the 18th message of producer 3. */
    public static String text(long value) {
        return value == NONE ? "-" : producer(value) + "." + sequence(value);
    }

    /** The inverse of {@link #text}; {@link HistoryException} if it is none. */
    public static long parse(String text) {
        int dot = text.indexOf('.');
        try {
            return text.equals("-")
                    ? NONE
                    : of(Integer.parseInt(text, 0, dot, 10),
                            Long.parseLong(text, dot + 1, text.length(), 10));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new HistoryException("'" + text + "' is not a message id like 3.17", e);
        }
    }
}
