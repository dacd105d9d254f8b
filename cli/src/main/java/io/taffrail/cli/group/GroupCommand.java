package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for consumer groups. */
@Command(name = "group", description = "Lists, describes, resets and deletes consumer groups.", subcommands = {
    ListGroups.class, DescribeGroup.class, ResetGroup.class, DeleteGroup.class})
public final class GroupCommand implements Callable<Integer> {

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
