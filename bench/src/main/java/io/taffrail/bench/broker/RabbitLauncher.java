package io.taffrail.bench.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Starts an installed RabbitMQ as a single node with default settings and no plugins,
 * and with ports, cookie and epmd of its own.
 */
public record RabbitLauncher(RandomGenerator random) implements Launcher {
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    @Override
    public Peer peer() {
        return Peer.RABBITMQ;
    }

    @Override
    public void format(Path home) throws IOException {
        if (!Files.isExecutable(SERVER)) {
            throw new IOException(
                    SERVER + " not found: the AMQP scenarios need the package rabbitmq-server");
        }
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("enabled_plugins"), "[].\n");
        Files.writeString(home.resolve("names.port"), Integer.toString(Ports.free(random)));
        Files.writeString(home.resolve("dist.port"), Integer.toString(Ports.free(random)));
    }

    /**
     * Starts epmd as a child process, so that it ends with the node;
     * the script then replaces itself with the Erlang VM.
     */
    @Override
    public List<String> command(Path home, int port) throws IOException {
        return List.of("sh", "-c", "epmd -port " + Files.readString(home.resolve("names.port"))
                + " & exec " + SERVER);
    }

    @Override
    public Map<String, String> environment(Path home, int port) throws IOException {
        return Map.ofEntries(Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry("HOME", home.toString()),
                Map.entry("ERL_EPMD_PORT", Files.readString(home.resolve("names.port"))),
                Map.entry("RABBITMQ_DIST_PORT", Files.readString(home.resolve("dist.port"))),
                Map.entry("RABBITMQ_NODENAME", "bench-" + port + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                Map.entry("RABBITMQ_MNESIA_BASE", home.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", home.toString()),
                Map.entry("RABBITMQ_LOGS", home.resolve("rabbit.log").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", home.resolve("env.conf").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq").toString()),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE",
                        home.resolve("enabled_plugins").toString()));
    }

    @Override
    public void awaitServing(Broker broker, Duration limit) throws IOException {
        AmqpProbe.awaitStart(broker, limit);
    }
}
