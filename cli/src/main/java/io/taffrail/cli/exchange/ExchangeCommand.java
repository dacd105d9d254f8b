package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for exchanges. */
@Command(name = "exchange", description = "Creates, lists and deletes exchanges.", subcommands = {
    CreateExchanges.class,
    ListExchanges.class, DeleteExchanges.class, DescribeExchanges.class})
public final class ExchangeCommand extends CommandGroup {}
