package io.taffrail.cli.vhost;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for virtual hosts. */
@Command(name = "vhost", description = "Creates, deletes and lists virtual hosts.", subcommands = {
    CreateVhosts.class, DeleteVhosts.class, ListVhosts.class, DescribeVhosts.class})
public final class VhostCommand extends CommandGroup {}
