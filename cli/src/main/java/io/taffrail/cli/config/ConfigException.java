package io.taffrail.cli.config;

import java.util.List;

/** Configuration that cannot be used; every problem found, one line each, for the user to read. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
