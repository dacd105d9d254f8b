package io.taffrail.cli.policy;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for policies. */
@Command(name = "policy", description = "Sets, clears and lists policies for queues and exchanges.", subcommands = {
    SetPolicy.class, ClearPolicies.class, ListPolicies.class})
public final class PolicyCommand extends CommandGroup {}
