package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for exchanges. */
@Command(name = "exchange", description = "Lists exchanges.", subcommands = {ListExchanges.class})
public final class ExchangeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }
}
