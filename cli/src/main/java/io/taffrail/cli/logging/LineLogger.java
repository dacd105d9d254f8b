package io.taffrail.cli.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes {@code 2026-01-31T12:00:00.123 WARN  name: message: cause} lines to standard error. */
final class LineLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;
    private static final int MAX_CAUSES = 8;

    private final String shortName;

    LineLogger(String name) {
        this.name = name;
        this.shortName = name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    public boolean isTraceEnabled() {
        return Logging.shows(name, Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return Logging.shows(name, Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return Logging.shows(name, Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return Logging.shows(name, Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return Logging.shows(name, Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(Level level, @Nullable Marker marker,
            @Nullable String pattern, @Nullable Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder(160);
        line.append(now()).append(' ').append(level.name());
        line.repeat(' ', 6 - level.name().length());
        line.append(shortName).append(": ");
        oneLine(MessageFormatter.basicArrayFormat(pattern, arguments), line);
        int causes = 0;
        for (Throwable cause = failure; cause != null
                && causes < MAX_CAUSES; cause = cause.getCause(), causes++) {
            line.append(": ");
            oneLine(cause.toString(), line);
        }
        line.append(System.lineSeparator());
        if (failure != null && (Logging.tracesShown() || level == Level.ERROR)) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        System.err.print(line);
    }

    /** Local time with exactly three digits of a second. */
    private static String now() {
        String time = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS)
                .toString();
        String full = time.length() == 16 ? time + ":00" : time;
        return full.length() == 19 ? full + ".000" : full;
    }

    private static void oneLine(@Nullable String text, StringBuilder line) {
        String shown = String.valueOf(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            line.append(c < ' ' ? ' ' : c);
        }
    }
}
