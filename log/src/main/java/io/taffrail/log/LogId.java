package io.taffrail.log;

import java.util.regex.Pattern;

/**
 * The identity of one log, never used again for another: a topic that is deleted and created anew
 * gets new ids.
 * The local engine uses it as the name of the log's folder.
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

    /** Whether the text may be the id of a log. */
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
