package io.taffrail.cli.delayed;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Holds the commands for delayed messages. */
@Command(name = "delayed", description = "Lists and cancels messages that wait for their time.", subcommands = {
    ListDelayed.class, CancelDelayed.class})
public final class DelayedCommand extends CommandGroup {}
