package io.taffrail.cli.terminal;

import picocli.CommandLine.Option;

/** The {@code --help} option of a command. */
public final class HelpOption {

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;
}
