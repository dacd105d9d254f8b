package io.taffrail.cli.vhost;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for virtual hosts. */
@Command(name = "vhost", description = "Adds, deletes and lists virtual hosts.", subcommands = {
    AddVhosts.class, DeleteVhosts.class, ListVhosts.class})
public final class VhostCommand extends CommandGroup {}
