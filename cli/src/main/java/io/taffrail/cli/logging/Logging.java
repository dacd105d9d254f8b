package io.taffrail.cli.logging;

import java.util.Locale;
import org.slf4j.event.Level;

/** Global settings of the command's logging. Safe for any thread. */
public final class Logging {

    private static volatile Level threshold = Level.ERROR;
    private static volatile boolean traces;
    private static volatile boolean silent;

    private Logging() {}

    /** Selects this package as SLF4J binding; has no effect once a logger exists. */
    public static void start() {
        System.setProperty("slf4j.provider", LineProvider.class.getName());
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    /** Loads everything needed to format a line, in case files or memory run out later. */
    public static void prepare() {
        LineLogger.prepare();
    }

    /** Sets the lowest level that is written. */
    public static void threshold(Level level) {
        threshold = level;
    }

    /** Suppresses all events; for a command whose clients are expected to fail. */
    public static void silence() {
        silent = true;
    }

    /** Sets whether stack traces are written for all events; otherwise only for errors. */
    public static void traces(boolean shown) {
        traces = shown;
    }

    static boolean tracesShown() {
        return traces;
    }

    /**
     * Returns whether an event is written. Events below WARN from other libraries, such as Kafka
     * and Netty, are treated as one level lower, because their INFO is meant for developers.
     */
    static boolean shows(String logger, Level level) {
        Level least = threshold;
        if (silent) {
            return false;
        }
        if (level.toInt() >= Level.WARN.toInt() || logger.startsWith("io.taffrail")) {
            return level.toInt() >= least.toInt();
        }
        return level.toInt() > least.toInt() || least == Level.TRACE;
    }

    /** Parses a level, in any case; throws {@link IllegalArgumentException} if it is unknown. */
    public static Level level(String name) {
        return Level.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
