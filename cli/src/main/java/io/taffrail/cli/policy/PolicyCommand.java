package io.taffrail.cli.policy;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for policies. */
@Command(name = "policy", description = "Creates, deletes and lists policies for queues and exchanges.", subcommands = {
    CreatePolicy.class, DeletePolicies.class, ListPolicies.class, DescribePolicies.class})
public final class PolicyCommand extends CommandGroup {}
