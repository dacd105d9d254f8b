package io.taffrail.verify.broker;

import java.util.List;
import java.util.Map;

/**
 * How a broker is started.
 *
 * @param command
 *            that stays in the foreground; SIGTERM ends it cleanly
 * @param environment
 *            beside the inherited one
 */
public record Launch(List<String> command, Map<String, String> environment) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A command that needs no environment of its own. */
    public static Launch of(List<String> command) {
        return new Launch(command, Map.of());
    }
}
