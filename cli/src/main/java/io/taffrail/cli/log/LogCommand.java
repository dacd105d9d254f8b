package io.taffrail.cli.log;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for stored logs. */
@Command(name = "log", description = {"Inspects, checks and dumps what a broker has stored.",
    "'inspect', 'check' and 'dump' read the data directory of a stopped broker and change nothing;"
            + " 'scrub' has a running broker read everything it stores."}, subcommands = {
                InspectLogs.class, CheckLogs.class, DumpLogs.class, ScrubLogs.class})
public final class LogCommand implements Callable<Integer> {

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
