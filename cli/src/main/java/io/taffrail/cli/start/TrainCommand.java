package io.taffrail.cli.start;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.RecordWriter;
import io.taffrail.kafka.client.WriterSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Training run for the JVM's ahead-of-time cache: executes typical broker and client work in one
 * process, so that the JVM records loaded classes (JEP 483, JEP 514) and method profiles (JEP 515).
 * Called by the launcher.
 */
@Command(name = "train", hidden = true, description = "Runs broker and client against each other for a moment.")
public final class TrainCommand implements Callable<Integer> {

    private static final int RECORDS = 20_000;
    private static final int ROUNDS = 2;
    /** Duration of the load from clients of both protocols in each round. */
    private static final String LOAD = "3s";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path dir = Files.createTempDirectory("taffrail-train");
        try {
            for (int round = 0; round < ROUNDS; round++) {
                train(dir.resolve("data"), round);
            }
        } finally {
            delete(dir);
        }
        return ExitCode.OK;
    }

    private void train(Path data, int round) {
        StartCommand start = StartCommand.of(List.of("--data-dir", data.toString(), "--kafka",
                "127.0.0.1:0", "--amqp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set",
                "group.initial.rebalance.delay.ms=0")).orElseThrow();
        try (Taffrail broker = start.open()) {
            StartCommand.announce(broker);
            String bootstrap = broker.bootstrap();
            String topic = "train-" + round;
            run("topic", "create", topic, "--partitions", "2", "--bootstrap", bootstrap);
            produce(bootstrap, topic);
            run("topic", "list", "--bootstrap", bootstrap);
            run("topic", "describe", topic, "--bootstrap", bootstrap);
            run("consume", topic, "--count", "1000", "--json", "--bootstrap", bootstrap);
            run("consume", topic, "--count", "100", "--group", "train", "--bootstrap", bootstrap);
            run("group", "list", "--bootstrap", bootstrap);
            run("group", "describe", "train", "--bootstrap", bootstrap);
            run("verify", "--kafka", bootstrap, "--amqp",
                    "127.0.0.1:" + broker.amqpAddress().orElseThrow().getPort(), "--duration", LOAD,
                    "--rate", "50000", "--consumers", "1");
        }
    }

    private static void produce(String bootstrap, String topic) {
        byte[] value = "x".repeat(100).getBytes(StandardCharsets.UTF_8);
        try (BrokerClient client = BrokerClient.connect(ClientSettings.of(bootstrap));
                RecordWriter writer = client.writer(WriterSettings.defaults(),
                        (record, partition, offset) -> {})) {
            for (int i = 0; i < RECORDS; i++) {
                writer.write(new NewRecord(topic, null, null,
                        Integer.toString(i).getBytes(StandardCharsets.UTF_8), value, List.of()));
            }
            writer.flush();
        }
    }

    private void run(String... args) {
        CommandLine commands = new CommandLine(spec.root().userObject());
        Failure.handle(commands);
        int code = commands.execute(args);
        if (code != ExitCode.OK) {
            throw new Failure(ExitCode.FAILURE, "training failed at " + String.join(" ", args));
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
