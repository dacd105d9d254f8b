package io.taffrail.cli.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations as users write them: {@code 100 ms}, {@code 5 s}, {@code 7 days}, ISO 8601. */
public final class DurationText {

    private static final Pattern AMOUNT = Pattern.compile("(\\d+)\\s*([a-zA-Zµ]+)");

    private DurationText() {}

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException
     *             if the text is not a duration
     */
    public static Duration parse(String text) {
        String stripped = text.strip();
        Matcher matcher = AMOUNT.matcher(stripped);
        if (matcher.matches()) {
            return of(Long.parseLong(matcher.group(1)), matcher.group(2));
        }
        try {
            return Duration.parse(stripped);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a duration: '" + text + "'", e);
        }
    }

    /**
     * Parses a duration; a bare number takes the unit from the end of the key,
     * as in Kafka's {@code ….ms} keys.
     */
    static Duration parse(String key, String text) {
        String stripped = text.strip();
        if (!stripped.isEmpty() && stripped.chars().allMatch(Character::isDigit)) {
            String unit = key.substring(key.lastIndexOf('.') + 1);
            return of(Long.parseLong(stripped), unit);
        }
        return parse(stripped);
    }

    private static Duration of(long amount, String unit) {
        try {
            return switch (unit.toLowerCase(Locale.ROOT)) {
                case "ns" -> Duration.ofNanos(amount);
                case "us", "µs" -> Duration.ofNanos(Math.multiplyExact(amount, 1000L));
                case "ms", "millis" -> Duration.ofMillis(amount);
                case "s", "sec", "second", "seconds" -> Duration.ofSeconds(amount);
                case "m", "min", "minute", "minutes" -> Duration.ofMinutes(amount);
                case "h", "hour", "hours" -> Duration.ofHours(amount);
                case "d", "day", "days" -> Duration.ofDays(amount);
                case "w", "week", "weeks" -> Duration.ofDays(Math.multiplyExact(amount, 7L));
                default -> throw new IllegalArgumentException("a number without a unit of time");
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("longer than can be counted", e);
        }
    }
}
