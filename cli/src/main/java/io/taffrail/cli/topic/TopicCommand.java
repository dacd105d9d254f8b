package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for topics. */
@Command(name = "topic", description = "Creates, lists, describes, alters and deletes topics.", subcommands = {
    CreateTopic.class, ListTopics.class, DescribeTopic.class, AlterTopic.class,
    DeleteTopic.class})
public final class TopicCommand implements Callable<Integer> {

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
