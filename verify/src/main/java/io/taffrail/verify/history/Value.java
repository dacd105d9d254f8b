package io.taffrail.verify.history;

/**
 * The identity of a message: its producer, and its sequence among that producer's
 * messages to one place. Encoded in a {@code long}: the producer in the upper 24 bits,
 * the sequence in the lower 40.
 */
public final class Value {

    /** Denotes no message. */
    public static final long NONE = -1;

    private static final int SEQUENCE_BITS = 40;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private Value() {}

    /**
     * Encodes a message's identity. {@code producer} must fit 23 bits, {@code sequence} 40;
     * both are at least 0.
     */
    public static long of(int producer, long sequence) {
        return ((long) producer << SEQUENCE_BITS) | sequence;
    }

    public static int producer(long value) {
        return (int) (value >>> SEQUENCE_BITS);
    }

    public static long sequence(long value) {
        return value & SEQUENCE_MASK;
    }

    /** Returns the text form, for example {@code 3.17} for the 18th message of producer 3. */
    public static String text(long value) {
        return value == NONE ? "-" : producer(value) + "." + sequence(value);
    }

    /**
     * Parses the result of {@link #text}.
     *
     * @throws HistoryException
     *             if the text has another form
     */
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
