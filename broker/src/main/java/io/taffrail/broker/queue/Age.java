package io.taffrail.broker.queue;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parser of time spans as RabbitMQ writes them in arguments: {@code 7D}, {@code 5m}. */
public final class Age {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})([YMDhms])");
    private static final long SECOND_MS = 1000;
    private static final long DAY_MS = 24 * 3600 * SECOND_MS;

    private Age() {}

    /**
     * The span in milliseconds; empty if the text is not a span. A year has 365 days, a month 30.
     */
    public static OptionalLong milliseconds(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unitMs = switch (matcher.group(2)) {
            case "Y" -> 365 * DAY_MS;
            case "M" -> 30 * DAY_MS;
            case "D" -> DAY_MS;
            case "h" -> 3600 * SECOND_MS;
            case "m" -> 60 * SECOND_MS;
            default -> SECOND_MS;
        };
        long count = Long.parseLong(matcher.group(1));
        boolean fits = count > 0 && count <= Long.MAX_VALUE / unitMs;
        return fits ? OptionalLong.of(count * unitMs) : OptionalLong.empty();
    }
}
