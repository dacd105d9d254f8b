package io.taffrail.cli.config;

import java.util.List;

/** An invalid configuration, with one line for the user for each problem found. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one line of text each. */
    public List<String> problems() {
        return problems;
    }
}
