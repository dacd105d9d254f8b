package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.Failure;
import io.taffrail.verify.broker.CommandPreset;
import io.taffrail.verify.broker.KafkaPreset;
import io.taffrail.verify.broker.Preset;
import io.taffrail.verify.broker.RabbitPreset;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for the broker under test. */
final class BrokerOptions {

    /** Brokers that verify can start. */
    enum Kind {
        taffrail, kafka, rabbitmq
    }

    @Option(names = "--broker", paramLabel = "KIND", description = "Start a broker: ${COMPLETION-CANDIDATES}. Its data directory is new and goes with the run.")
    private Optional<Kind> kind = Optional.empty();

    @Option(names = "--start", paramLabel = "CMD", description = "Start any broker by this command, which must stay in the foreground; {data}, {port} (Kafka) and {amqp} in its words are replaced.")
    private Optional<String> start = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A configuration key of the Taffrail that --broker starts.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--kafka-libs", paramLabel = "DIR", description = "Kafka's jars, for --broker kafka ('libs' of its distribution).")
    private Optional<Path> kafkaLibs = Optional.empty();

    @Option(names = "--rabbitmq-server", paramLabel = "FILE", description = "RabbitMQ's start script, for --broker rabbitmq (default: ${DEFAULT-VALUE}).", defaultValue = "/usr/lib/rabbitmq/bin/rabbitmq-server")
    private Path rabbitServer = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    Optional<Preset> preset() {
        if (kind.isPresent() && start.isPresent()) {
            throw Failure.usage("--broker and --start exclude each other");
        }
        if (!settings.isEmpty() && kind.filter(Kind.taffrail::equals).isEmpty()) {
            throw Failure.usage("--set is for --broker taffrail");
        }
        return kind.map(this::preset).or(() -> start.map(CommandPreset::parse));
    }

    private Preset preset(Kind wanted) {
        return switch (wanted) {
            case taffrail -> taffrail();
            case kafka -> new KafkaPreset(kafkaLibs.orElseThrow(
                    () -> Failure.usage("--broker kafka needs --kafka-libs")));
            case rabbitmq -> new RabbitPreset(rabbitServer);
        };
    }

    /** Starts this program with the options of this JVM. */
    private Preset taffrail() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                "io.taffrail.cli.Main", "start", "--data-dir", "{data}", "--kafka",
                "127.0.0.1:{port}", "--amqp", "127.0.0.1:{amqp}"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        String more = settings.isEmpty() ? "" : " with " + String.join(", ", settings);
        return new CommandPreset("Taffrail" + more, command);
    }
}
