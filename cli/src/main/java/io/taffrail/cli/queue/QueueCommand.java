package io.taffrail.cli.queue;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for queues. */
@Command(name = "queue", description = "Lists, empties and deletes queues.", subcommands = {
    ListQueues.class, PurgeQueues.class, DeleteQueues.class})
public final class QueueCommand implements Callable<Integer> {

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
