package io.taffrail.cli.logging;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Global settings of the command's logging. Safe for any thread. */
public final class Logging {

    private static volatile Level threshold = Level.ERROR;
    private static volatile boolean traces;
    private static volatile boolean silent;
    private static volatile @Nullable LineWriter writer;

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

    /**
     * Writes lines on a thread of its own from now on, for a process whose threads must not wait
     * for standard error. Lines are then lost if the process ends without {@link #drain}.
     */
    public static void writeAside() {
        LineWriter started = new LineWriter(System.err::print, LineLogger::dropped);
        started.start();
        writer = started;
    }

    /** Waits until all lines are written, but for {@code patienceMs} milliseconds at most. */
    public static void drain(long patienceMs) {
        LineWriter aside = writer;
        if (aside != null) {
            var _ = aside.drain(patienceMs);
        }
    }

    static void write(String line) {
        LineWriter aside = writer;
        if (aside == null) {
            System.err.print(line);
        } else {
            aside.add(line);
        }
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
