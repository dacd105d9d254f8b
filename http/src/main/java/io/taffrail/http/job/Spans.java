package io.taffrail.http.job;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans and points of time as clients write them. Pure functions. */
final class Spans {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d|)");

    private Spans() {}

    /**
     * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}, a number of seconds, or
     * ISO 8601.
     *
     * @throws io.taffrail.http.route.HttpProblem
     *             if it is something else
     */
    static Duration span(String name, String text) {
        Matcher amount = AMOUNT.matcher(text);
        try {
            if (amount.matches()) {
                long number = Long.parseLong(amount.group(1));
                return switch (amount.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                };
            }
            Duration span = Duration.parse(text);
            if (!span.isNegative()) {
                return span;
            }
        } catch (DateTimeParseException | ArithmeticException _) {
            // Refused below.
        }
        throw Problem.invalid("'" + name + "' is a span of time such as 30s or PT5M, not '" + text
                + "'");
    }

    /** Reads a point of time, in milliseconds since 1970. */
    static long time(String name, String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException _) {
            throw Problem.invalid("'" + name + "' is a time such as 2026-01-31T10:00:00Z, not '"
                    + text + "'");
        }
    }
}
