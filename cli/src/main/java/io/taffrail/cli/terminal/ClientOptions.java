package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that connects to a broker as a client. */
public final class ClientOptions {

    @Option(names = {"-b",
        "--bootstrap"}, paramLabel = "HOST:PORT", defaultValue = "${env:TAFFRAIL_BOOTSTRAP:-localhost:9092}", description = "Address of the broker; several separated by commas (default: $TAFFRAIL_BOOTSTRAP or localhost:9092).")
    private String bootstrap = "localhost:9092";

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "30 s", description = "Longest wait for an answer (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(30);

    @Option(names = "--property", paramLabel = "KEY=VALUE", description = "A setting of Kafka's client, for example security.protocol=SSL.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    Debug debug = new Debug();

    /** Connects to the broker; the caller closes the client. */
    public BrokerClient connect() {
        if (timeout.toMillis() < 1) {
            throw Failure.usage("--timeout must be at least 1 ms");
        }
        return BrokerClient.connect(new ClientSettings(bootstrap, timeout, properties));
    }
}
