package io.taffrail.log;

import java.util.regex.Pattern;

/**
 * The identity of one log. An id is never reused: a topic that is deleted and created again gets
 * new ids. The local engine uses the id as the name of the log's directory.
 *
 * @param value
 *            1 to 200 characters of {@code [A-Za-z0-9._@-]}, not starting with a dot
 */
public record LogId(String value) implements Comparable<LogId> {

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_@-][A-Za-z0-9._@-]{0,199}");

    public LogId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("not a log id: '" + value + "'");
        }
    }

    /** Returns whether {@code value} is a valid log id. */
    public static boolean isLegal(String value) {
        return LEGAL.matcher(value).matches();
    }

    @Override
    public int compareTo(LogId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
