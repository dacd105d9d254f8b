package io.taffrail.cli.user;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the commands for users. */
@Command(name = "user", description = "Adds, changes, deletes and lists users of AMQP.", subcommands = {
    AddUser.class, DeleteUsers.class, ListUsers.class, SetPassword.class, SetPermissions.class,
    ClearPermissions.class})
public final class UserCommand implements Callable<Integer> {

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
