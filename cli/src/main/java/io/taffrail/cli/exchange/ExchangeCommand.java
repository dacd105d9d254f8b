package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Holds the commands for exchanges. */
@Command(name = "exchange", description = "Lists exchanges.", subcommands = {ListExchanges.class})
public final class ExchangeCommand extends CommandGroup {}
