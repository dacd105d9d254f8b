package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for bindings. */
@Command(name = "binding", description = "Creates, lists and deletes bindings.", subcommands = {
    CreateBinding.class, ListBindings.class, DeleteBinding.class})
public final class BindingCommand extends CommandGroup {}
