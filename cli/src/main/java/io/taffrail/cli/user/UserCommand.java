package io.taffrail.cli.user;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for users. */
@Command(name = "user", description = "Creates, changes, deletes and lists users of AMQP.", subcommands = {
    CreateUser.class, DeleteUsers.class, ListUsers.class, DescribeUsers.class, SetPassword.class,
    SetPermissions.class,
    ClearPermissions.class, HashPassword.class})
public final class UserCommand extends CommandGroup {}
