package io.taffrail.verify.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * RabbitMQ as one node with its default settings, with ports, cookie and name server of its own.
 *
 * @param server
 *            its {@code rabbitmq-server} script, not the wrapper that changes the user
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

    /** The name server is a child too, so that it goes with the node; then the script is the VM. */
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
     * Mnesia's log, in which the definitions of queues are, is kept in memory for two seconds
     * before
     * it is written; a queue younger than that goes with the power, and all that is in it.
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
