package io.taffrail.cli.terminal;

import io.taffrail.cli.logging.Logging;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** The {@code --debug} option. */
public final class Debug {

    private static volatile boolean on;

    /** True if the option was given. */
    public static boolean on() {
        return on;
    }

    /** Sets the option; picocli also calls this, before the command runs. */
    @Option(names = "--debug", description = "Log what happens inside, and show stack traces.")
    public void debug(boolean wanted) {
        on = wanted;
        if (wanted) {
            Logging.threshold(Level.DEBUG);
            Logging.traces(true);
        }
    }
}
