package io.taffrail.cli.terminal;

import io.taffrail.cli.logging.Logging;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** The option that shows what happens inside. */
public final class Debug {

    private static volatile boolean on;

    public static boolean on() {
        return on;
    }

    /** Also set by picocli, before the command runs. */
    @Option(names = "--debug", description = "Log what happens inside, and show stack traces.")
    public void debug(boolean wanted) {
        on = wanted;
        if (wanted) {
            Logging.threshold(Level.DEBUG);
            Logging.traces(true);
        }
    }
}
