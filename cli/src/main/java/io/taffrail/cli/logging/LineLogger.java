package io.taffrail.cli.logging;

import io.taffrail.log.text.Printable;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Logger that writes {@code 2026-01-31T12:00:00.123 WARN  name: message: cause} lines to standard
 * error, by way of {@link Logging#write}. The event itself is one line, whatever its arguments
 * contain. Lines of a stack trace follow it, each with a leading tab.
 */
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
        Logging.write(line(level, pattern, arguments, failure).toString());
    }

    private StringBuilder line(Level level, @Nullable String pattern,
            @Nullable Object @Nullable [] arguments, @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder(160);
        line.append(now()).append(' ').append(level.name());
        line.repeat(' ', 6 - level.name().length());
        line.append(shortName).append(": ");
        line.append(Printable.of(MessageFormatter.basicArrayFormat(pattern, arguments)));
        int causes = 0;
        for (Throwable cause = failure; cause != null
                && causes < MAX_CAUSES; cause = cause.getCause(), causes++) {
            line.append(": ");
            line.append(Printable.of(cause));
        }
        line.append(System.lineSeparator());
        if (failure != null && (Logging.tracesShown() || level == Level.ERROR)) {
            StackTraces.add(failure, line);
        }
        return line;
    }

    /** The line about lines that were dropped. */
    static String dropped(long count) {
        return new LineLogger(LineLogger.class.getName()).line(Level.WARN,
                "OUT-001 {} log lines are missing here: standard error took no more",
                new Object[]{count}, null).toString();
    }

    /**
     * Formats a line with every kind of content: this loads classes and the time zone from files,
     * which could fail later when the process is out of file descriptors.
     */
    static void prepare() {
        IllegalStateException failure = new IllegalStateException("none");
        failure.addSuppressed(new IllegalStateException("none"));
        var _ = new LineLogger(LineLogger.class.getName()).line(Level.ERROR, "{} of {}",
                new Object[]{1, "2"}, failure);
    }

    /** Local time with exactly three decimals of a second. */
    private static String now() {
        String time = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS)
                .toString();
        String full = time.length() == 16 ? time + ":00" : time;
        return full.length() == 19 ? full + ".000" : full;
    }
}
