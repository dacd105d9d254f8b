package io.taffrail.cli.delayed;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for delayed messages. */
@Command(name = "delayed", description = "Lists and deletes messages that exchanges delay.", subcommands = {
    ListDelayed.class, DeleteDelayed.class})
public final class DelayedCommand extends CommandGroup {}
