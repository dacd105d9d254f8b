package io.taffrail.verify.broker;

import java.util.List;
import java.util.Map;

/**
 * The command and environment that start a broker.
 *
 * @param command
 *            a command that stays in the foreground and ends cleanly on SIGTERM
 * @param environment
 *            variables added to the inherited environment
 */
public record Launch(List<String> command, Map<String, String> environment) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Returns a launch with the inherited environment only. */
    public static Launch of(List<String> command) {
        return new Launch(command, Map.of());
    }
}
