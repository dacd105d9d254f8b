package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for topics. */
@Command(name = "topic", description = "Creates, lists, describes, alters and deletes topics.", subcommands = {
    CreateTopic.class, ListTopics.class, DescribeTopic.class, AlterTopic.class,
    DeleteTopic.class, DeleteRecords.class})
public final class TopicCommand extends CommandGroup {}
