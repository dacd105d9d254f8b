package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "alter", description = "Changes a topic's settings, or adds partitions.")
final class AlterTopic implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", description = "Its name.")
    private String topic = "";

    @Option(names = {"-c",
        "--config"}, paramLabel = "KEY=VALUE", description = "Set a setting.")
    private Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--reset", paramLabel = "KEY", description = "Give a setting back its default.")
    private List<String> reset = new ArrayList<>();

    @Option(names = {"-p",
        "--partitions"}, paramLabel = "N", description = "Grow to this many partitions.")
    private Optional<Integer> partitions = Optional.empty();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public void run() {
        if (config.isEmpty() && reset.isEmpty() && partitions.isEmpty()) {
            throw Failure.usage("nothing to alter: give --config, --reset or --partitions");
        }
        try (BrokerClient broker = client.connect()) {
            if (!config.isEmpty() || !reset.isEmpty()) {
                broker.topics().alter(topic, config, reset);
            }
            partitions.ifPresent(wanted -> broker.topics().grow(topic, wanted));
            output.effect("altered topic " + topic, Map.of("altered", topic));
        }
    }
}
