package io.taffrail.cli.queue;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for queues. */
@Command(name = "queue", description = "Lists, empties, deletes and reopens queues.", subcommands = {
    ListQueues.class, DescribeQueues.class, PurgeQueues.class, DeleteQueues.class, ReopenQueues.class})
public final class QueueCommand extends CommandGroup {}
