package io.taffrail.cli;

import io.taffrail.cli.connection.ConnectionCommand;
import io.taffrail.cli.delayed.DelayedCommand;
import io.taffrail.cli.exchange.BindingCommand;
import io.taffrail.cli.exchange.ExchangeCommand;
import io.taffrail.cli.group.GroupCommand;
import io.taffrail.cli.log.LogCommand;
import io.taffrail.cli.policy.PolicyCommand;
import io.taffrail.cli.queue.QueueCommand;
import io.taffrail.cli.records.ConsumeCommand;
import io.taffrail.cli.records.ProduceCommand;
import io.taffrail.cli.start.ConfigCommand;
import io.taffrail.cli.start.StartCommand;
import io.taffrail.cli.start.TrainCommand;
import io.taffrail.cli.status.StatusCommand;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.cli.top.TopCommand;
import io.taffrail.cli.topic.TopicCommand;
import io.taffrail.cli.user.UserCommand;
import io.taffrail.cli.verify.VerifyCommand;
import io.taffrail.cli.vhost.VhostCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The root command; without a subcommand it prints its usage. */
@Command(name = "taffrail", versionProvider = Version.class, description = "A durable message broker for clients of Kafka and of RabbitMQ, and a client for it.", subcommands = {
    StartCommand.class, StatusCommand.class, TopCommand.class, TopicCommand.class,
    ProduceCommand.class, ConsumeCommand.class,
    GroupCommand.class, QueueCommand.class, ExchangeCommand.class, BindingCommand.class,
    ConnectionCommand.class,
    VhostCommand.class, UserCommand.class, PolicyCommand.class,
    DelayedCommand.class, LogCommand.class, VerifyCommand.class, ConfigCommand.class,
    CompletionCommand.class, TrainCommand.class,
    CommandLine.HelpCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:done",
        "1:failed; one line on standard error says why",
        "2:wrong usage or configuration",
        "3:no broker answers at the given address; of 'start': no memory was left",
        "4:no such topic, partition, group, queue, user, virtual host or log",
        "5:the topic or user exists already",
        "6:the data directory is in use by another broker",
        "7:an address cannot be listened on: it is in use, or none of this machine",
        "8:the disk failed while the broker was running",
        "9:the broker's state could no longer be trusted; start it again",
        "10:the broker did not answer within --timeout",
        "11:the broker refused it: a precondition, a permission or a limit stands against it",
        "12:'verify' ended without a verdict",
        "130, 143:ended by SIGINT, SIGTERM"}, footerHeading = "%nEnvironment:%n", footer = {
            "  TAFFRAIL_BOOTSTRAP  address that client commands use (default: localhost:9092)",
            "  TAFFRAIL_PASSWORD   password for 'user create' and 'user set-password'",
            "  TAFFRAIL_OPTS       options for the JVM, for example -Xmx2g",
            "  TAFFRAIL_AOT        off: start without the ahead-of-time cache",
            "  TAFFRAIL_<KEY>      configuration of 'start', see 'taffrail config'"})
final class TaffrailCommand implements Callable<Integer> {

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = {"-V",
        "--version"}, versionHelp = true, description = "Show the version.")
    boolean version;

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }
}
