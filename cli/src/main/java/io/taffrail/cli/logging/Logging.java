package io.taffrail.cli.logging;

import java.util.Locale;
import org.slf4j.event.Level;

/** Turns the command's own logging on, before anything logs. */
public final class Logging {

    private static volatile Level threshold = Level.ERROR;
    private static volatile boolean traces;
    private static volatile boolean silent;

    private Logging() {}

    /** Makes this package SLF4J's binding; has no effect once a logger exists. */
    public static void start() {
        System.setProperty("slf4j.provider", LineProvider.class.getName());
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    /** Loads what a line takes, which later there might be no file or memory for. */
    public static void prepare() {
        LineLogger.prepare();
    }

    /** Shows events of this level and above. */
    public static void threshold(Level level) {
        threshold = level;
    }

    /** Shows nothing at all: for a command whose clients are meant to fail. */
    public static void silence() {
        silent = true;
    }

    /** Whether stack traces follow an event's line. */
    public static void traces(boolean shown) {
        traces = shown;
    }

    static boolean tracesShown() {
        return traces;
    }

    /**
     * Kafka's and Netty's own classes speak one level more quietly: their INFO is of use to their
     * developers.
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

    /** A level by its name in any case; {@link IllegalArgumentException} if there is none. */
    public static Level level(String name) {
        return Level.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
