package io.taffrail.cli.queue;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for queues. */
@Command(name = "queue", description = "Creates, lists, empties, deletes and reopens queues, and moves messages.", subcommands = {
    CreateQueues.class, ListQueues.class, DescribeQueues.class, PurgeQueues.class,
    DeleteQueues.class, ReopenQueues.class,
    BindQueue.class, UnbindQueue.class, PublishMessages.class, GetMessages.class})
public final class QueueCommand extends CommandGroup {}
