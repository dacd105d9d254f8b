package io.taffrail.cli.delayed;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for delayed messages. */
@Command(name = "delayed", description = "Lists and cancels messages that wait for their time.", subcommands = {
    ListDelayed.class, CancelDelayed.class})
public final class DelayedCommand extends CommandGroup {}
