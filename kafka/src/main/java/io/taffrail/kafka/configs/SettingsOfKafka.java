package io.taffrail.kafka.configs;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import io.taffrail.log.Durability;
import io.taffrail.log.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Settings of a Kafka broker that this broker does not have, with values that describe this broker.
 * Debezium, Cruise Control, MirrorMaker, Connect, Strimzi and consoles look them up by name and
 * fail if one is missing. All are read-only.
 */
public final class SettingsOfKafka {

    private static final String NEVER = Long.toString(Long.MAX_VALUE);
    private static final String UNLIMITED = Integer.toString(Integer.MAX_VALUE);

    private final List<ConfigEntry> entries = new ArrayList<>();

    private SettingsOfKafka() {}

    /**
     * The entries, which do not change while the broker runs.
     *
     * @param location
     *            directory of the logs
     */
    public static List<ConfigEntry> of(BrokerConfig broker, KafkaConfig kafka, String location) {
        SettingsOfKafka settings = new SettingsOfKafka();
        settings.node(broker, kafka, location);
        settings.replicas();
        settings.logs(broker);
        settings.network();
        settings.security();
        return List.copyOf(settings.entries);
    }

    private void node(BrokerConfig broker, KafkaConfig kafka, String location) {
        String node = Integer.toString(broker.nodeId());
        String listener = url(kafka.listener());
        configured("broker.id", ConfigType.INT, node);
        configured("process.roles", ConfigType.LIST, "broker,controller");
        configured("listeners", ConfigType.LIST, listener);
        configured("advertised.listeners", ConfigType.LIST,
                kafka.advertised().map(SettingsOfKafka::url).orElse(listener));
        fixed("listener.security.protocol.map", ConfigType.STRING, "PLAINTEXT:PLAINTEXT");
        fixed("inter.broker.listener.name", ConfigType.STRING, "PLAINTEXT");
        fixed("security.inter.broker.protocol", ConfigType.STRING, "PLAINTEXT");
        fixed("broker.rack", ConfigType.STRING, "");
        configured("log.dirs", ConfigType.LIST, location);
        configured("log.dir", ConfigType.LIST, location);
        fixed("auto.leader.rebalance.enable", ConfigType.BOOLEAN, "false");
        fixed("controlled.shutdown.enable", ConfigType.BOOLEAN, "true");
    }

    private void replicas() {
        fixed("default.replication.factor", ConfigType.INT, "1");
        fixed("offsets.topic.replication.factor", ConfigType.SHORT, "1");
        fixed("transaction.state.log.replication.factor", ConfigType.SHORT, "1");
        fixed("transaction.state.log.min.isr", ConfigType.INT, "1");
        fixed("unclean.leader.election.enable", ConfigType.BOOLEAN, "false");
        fixed("num.replica.fetchers", ConfigType.INT, "1");
        fixed("replica.fetch.max.bytes", ConfigType.INT, "1048576");
        fixed("replica.lag.time.max.ms", ConfigType.LONG, "30000");
        fixed("replica.selector.class", ConfigType.STRING, "");
        fixed("remote.log.storage.system.enable", ConfigType.BOOLEAN, "false");
    }

    private void logs(BrokerConfig broker) {
        fixed("log.cleaner.enable", ConfigType.BOOLEAN, "true");
        fixed("log.preallocate", ConfigType.BOOLEAN, "false");
        fixed("log.segment.delete.delay.ms", ConfigType.LONG, "0");
        fixed("log.roll.jitter.hours", ConfigType.INT, "0");
        fixed("log.local.retention.bytes", ConfigType.LONG, "-2");
        fixed("log.local.retention.ms", ConfigType.LONG, "-2");
        fixed("log.flush.interval.messages", ConfigType.LONG,
                broker.durability() == Durability.FSYNC ? "1" : NEVER);
        fixed("log.flush.interval.ms", ConfigType.LONG, "");
        fixed("log.flush.scheduler.interval.ms", ConfigType.LONG, NEVER);
    }

    private void network() {
        fixed("max.connections.per.ip", ConfigType.INT, UNLIMITED);
        fixed("max.connections.per.ip.overrides", ConfigType.STRING, "");
        fixed("max.connection.creation.rate", ConfigType.INT, UNLIMITED);
        fixed("socket.send.buffer.bytes", ConfigType.INT, "-1");
        fixed("socket.receive.buffer.bytes", ConfigType.INT, "-1");
    }

    private void security() {
        fixed("authorizer.class.name", ConfigType.STRING, "");
        fixed("sasl.enabled.mechanisms", ConfigType.LIST, "");
        fixed("ssl.client.auth", ConfigType.STRING, "none");
    }

    private void fixed(String name, ConfigType type, String value) {
        add(name, type, value, ConfigSource.DEFAULT_CONFIG);
    }

    private void configured(String name, ConfigType type, String value) {
        add(name, type, value, ConfigSource.STATIC_BROKER_CONFIG);
    }

    private void add(String name, ConfigType type, String value, ConfigSource source) {
        entries.add(new ConfigEntry(name, value, source, true, type,
                "Kafka's name; tells how this broker is, and cannot be set.",
                List.of(new Synonym(name, value, source))));
    }

    private static String url(HostPort address) {
        return "PLAINTEXT://" + address;
    }
}
