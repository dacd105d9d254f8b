package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for exchanges. */
@Command(name = "exchange", description = "Lists and describes exchanges.", subcommands = {ListExchanges.class,
    DescribeExchanges.class})
public final class ExchangeCommand extends CommandGroup {}
