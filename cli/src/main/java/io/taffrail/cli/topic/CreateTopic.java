package io.taffrail.cli.topic;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Creates a topic.")
final class CreateTopic implements Runnable {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "TOPIC", description = "Its name.")
    private String topic = "";

    @Option(names = {"-p",
        "--partitions"}, paramLabel = "N", description = "How many partitions (default: the broker's num.partitions).")
    private Optional<Integer> partitions = Optional.empty();

    @Option(names = {"-c",
        "--config"}, paramLabel = "KEY=VALUE", description = "A setting of the topic, for example retention.ms=3600000 or durability=os.")
    private Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--if-not-exists", description = "Succeed if the topic exists already.")
    private boolean ifNotExists;

    @Option(names = "--replication-factor", paramLabel = "N", description = "Accepted for scripts written for Kafka; there is one broker, so only 1 is possible.")
    private int replicationFactor = 1;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public void run() {
        if (replicationFactor != 1) {
            throw Failure.usage("--replication-factor must be 1, as there is one broker");
        }
        try (BrokerClient broker = client.connect()) {
            broker.topics().create(topic,
                    partitions.map(OptionalInt::of).orElse(OptionalInt.empty()), config);
            output.effect("created topic " + topic, Map.of("created", topic));
        } catch (ClientException e) {
            if (!ifNotExists || e.reason() != ClientException.Reason.EXISTS) {
                throw e;
            }
        }
    }
}
