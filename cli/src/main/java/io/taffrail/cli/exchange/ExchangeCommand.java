package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for exchanges. */
@Command(name = "exchange", description = "Lists exchanges.", subcommands = {ListExchanges.class})
public final class ExchangeCommand extends CommandGroup {}
