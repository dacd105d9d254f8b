package io.taffrail.verify.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * RabbitMQ as a single node with default settings, and with ports, cookie and epmd of its own.
 *
 * @param server
 *            RabbitMQ's {@code rabbitmq-server} script, not the wrapper that changes the user
 */
public record RabbitPreset(Path server) implements Preset {

    @Override
    public String description() {
        try {
            return server.toRealPath().toString().replaceAll(
                    ".*rabbitmq_server-([\\d.]+)/.*", "RabbitMQ $1");
        } catch (IOException e) {
            throw new ControlException("no rabbitmq-server at " + server, e);
        }
    }

    @Override
    public void prepare(Site site) {
        try {
            Files.createDirectories(site.data());
            Files.writeString(site.home().resolve("enabled_plugins"), "[].\n");
        } catch (IOException e) {
            throw new ControlException("cannot prepare " + site.data(), e);
        }
    }

    /**
     * Starts epmd as a child process, so that it ends with the node;
     * the script then replaces itself with the Erlang VM.
     */
    @Override
    public Launch launch(Site site) {
        String home = site.home().toString();
        int names = site.otherPort() + 1;
        return new Launch(
                List.of("sh", "-c", "epmd -port " + names + " & exec '" + server + "'"),
                Map.ofEntries(Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                        Map.entry("HOME", home),
                        Map.entry("ERL_EPMD_PORT", Integer.toString(names)),
                        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(site.otherPort())),
                        Map.entry("RABBITMQ_NODENAME", "verify-" + site.amqpPort()
                                + "@localhost"),
                        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                        Map.entry("RABBITMQ_NODE_PORT", Integer.toString(site.amqpPort())),
                        Map.entry("RABBITMQ_MNESIA_BASE", site.data().toString()),
                        Map.entry("RABBITMQ_LOG_BASE", home),
                        Map.entry("RABBITMQ_LOGS", home + "/rabbit.log"),
                        Map.entry("RABBITMQ_CONF_ENV_FILE", home + "/rabbitmq-env.conf"),
                        Map.entry("RABBITMQ_CONFIG_FILE", home + "/rabbitmq"),
                        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", home + "/enabled_plugins")));
    }

    /**
     * Mnesia keeps its log, which contains the definitions of queues, in memory for two seconds.
     * A power cut within that time removes a new queue with all of its messages.
     */
    @Override
    public Duration settling() {
        return Duration.ofSeconds(3);
    }

    @Override
    public boolean kafka() {
        return false;
    }

    @Override
    public boolean amqp() {
        return true;
    }
}
