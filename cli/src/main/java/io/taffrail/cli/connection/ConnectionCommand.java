package io.taffrail.cli.connection;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for connections of clients. */
@Command(name = "connection", description = "Lists and closes connections of clients.", subcommands = {
    ListConnections.class, CloseConnections.class})
public final class ConnectionCommand extends CommandGroup {}
