package io.taffrail.cli.terminal;

import io.taffrail.cli.config.DurationText;
import io.taffrail.kafka.client.StartPoint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Parses positions in a log as users write them. */
public final class StartPointText {

    /** Accepted forms, for the help text of options. */
    public static final String FORMS = "beginning, end, an offset, -N (N records before the end), "
            + "a time (2026-01-31T12:00:00Z, local without Z; @1769860800000) or how long ago (10 min ago)";

    private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");
    private static final Pattern BEFORE_END = Pattern.compile("-\\d{1,18}");
    private static final Pattern EPOCH_MS = Pattern.compile("@\\d{1,18}");

    private StartPointText() {}

    /**
     * Parses a position in one of the {@link #FORMS}.
     *
     * @param clock
     *            current time, for positions relative to it
     * @param zone
     *            time zone of times without one
     * @throws Failure
     *             if the text has none of the forms
     */
    public static StartPoint parse(String text, InstantSource clock, ZoneId zone) {
        String stripped = text.strip();
        switch (stripped.toLowerCase(Locale.ROOT)) {
            case "beginning", "earliest", "start" -> {
                return new StartPoint.Beginning();
            }
            case "end", "latest" -> {
                return new StartPoint.End();
            }
            default -> {
            }
        }
        if (OFFSET.matcher(stripped).matches()) {
            return new StartPoint.Offset(Long.parseLong(stripped));
        }
        if (BEFORE_END.matcher(stripped).matches()) {
            return new StartPoint.BeforeEnd(Long.parseLong(stripped.substring(1)));
        }
        if (EPOCH_MS.matcher(stripped).matches()) {
            return new StartPoint.Time(
                    Instant.ofEpochMilli(Long.parseLong(stripped.substring(1))));
        }
        return new StartPoint.Time(time(stripped, clock, zone));
    }

    private static Instant time(String text, InstantSource clock, ZoneId zone) {
        if (text.endsWith(" ago")) {
            try {
                return clock.instant()
                        .minus(DurationText.parse(text.substring(0, text.length() - 4)));
            } catch (IllegalArgumentException e) {
                throw Failure.usage("'" + text + "' is no time; for example: 10 min ago");
            }
        }
        List<Function<String, Instant>> forms = List.of(
                form -> OffsetDateTime.parse(form).toInstant(),
                form -> LocalDateTime.parse(form).atZone(zone).toInstant(),
                form -> LocalDate.parse(form).atStartOfDay(zone).toInstant());
        for (Function<String, Instant> form : forms) {
            try {
                return form.apply(text.replace(' ', 'T'));
            } catch (DateTimeParseException e) {
                // Not in this form; try the next one.
            }
        }
        throw Failure.usage("'" + text + "' is no place in a log; it is one of: " + FORMS);
    }
}
