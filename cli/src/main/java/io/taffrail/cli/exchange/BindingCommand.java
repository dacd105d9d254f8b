package io.taffrail.cli.exchange;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for bindings. */
@Command(name = "binding", description = "Lists bindings.", subcommands = {ListBindings.class})
public final class BindingCommand extends CommandGroup {}
