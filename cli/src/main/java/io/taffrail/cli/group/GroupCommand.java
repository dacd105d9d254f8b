package io.taffrail.cli.group;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for consumer groups. */
@Command(name = "group", description = "Lists, describes, resets and deletes consumer groups.", subcommands = {
    ListGroups.class, DescribeGroup.class, ResetGroup.class, DeleteGroup.class})
public final class GroupCommand extends CommandGroup {}
