package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.config.ByteSize;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dynamic settings of the broker (KIP-226). */
class BrokerSettingsTest {

    private static final ConfigResource ALL = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");

    private final HeadFixture fixture = new HeadFixture();
    private final Admin admin = fixture.admin();

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    @Test
    void topicsShowWhereTheirValueComesFrom() throws Exception {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();

        alter(ALL, "log.retention.ms", "1000", OpType.SET);
        assertThat(describe(TOPIC).get("retention.ms").value()).isEqualTo("1000");
        assertThat(describe(TOPIC).get("retention.ms").source())
                .isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);

        alter(NODE, "log.retention.ms", "2000", OpType.SET);
        assertThat(describe(TOPIC).get("retention.ms").value()).isEqualTo("2000");
        assertThat(describe(TOPIC).get("retention.ms").source())
                .isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);

        alter(NODE, "log.retention.ms", "", OpType.DELETE);
        alter(ALL, "log.retention.ms", "", OpType.DELETE);
        assertThat(describe(TOPIC).get("retention.ms").value()).isEqualTo("604800000");
        assertThat(describe(TOPIC).get("retention.ms").source())
                .isEqualTo(ConfigSource.DEFAULT_CONFIG);
    }

    @Test
    void brokersShowWhatWasSet() throws Exception {
        alter(ALL, "message.max.bytes", "5000", OpType.SET);
        alter(NODE, "log.cleanup.policy", "compact", OpType.APPEND);
        alter(NODE, "follower.replication.throttled.rate", "7", OpType.SET);

        assertThat(describe(ALL).entries()).extracting(ConfigEntry::name)
                .containsExactly("message.max.bytes");
        ConfigEntry bytes = describe(NODE).get("message.max.bytes");
        assertThat(bytes.value()).isEqualTo("5000");
        assertThat(bytes.isReadOnly()).isFalse();
        assertThat(bytes.synonyms()).extracting(ConfigEntry.ConfigSynonym::value)
                .containsExactly("5000", "1048588");
        assertThat(describe(NODE).get("log.cleanup.policy").value()).isEqualTo("delete,compact");
        assertThat(describe(NODE).get("follower.replication.throttled.rate").value())
                .isEqualTo("7");
    }

    @Test
    void settingsOfGroupsCanBeSetWithinTheirBounds() throws Exception {
        alter(ALL, "group.consumer.assignment.interval.ms", "1500", OpType.SET);

        ConfigEntry shown = describe(NODE).get("group.consumer.assignment.interval.ms");
        assertThat(shown.value()).isEqualTo("1500");
        assertThat(shown.isReadOnly()).isFalse();
        assertThat(describe(ALL).get("group.consumer.assignment.interval.ms").type())
                .isEqualTo(ConfigEntry.ConfigType.INT);
        assertThatThrownBy(() -> alter(ALL, "group.consumer.assignment.interval.ms", "15001",
                OpType.SET)).hasRootCauseInstanceOf(InvalidRequestException.class);
    }

    @Test
    void settingsOfCompactionTakeEffectAtOnce() throws Exception {
        assertThat(describe(NODE).get("log.cleaner.threads").source())
                .isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(describe(NODE).get("log.cleaner.io.max.bytes.per.second").value())
                .isEqualTo("1.7976931348623157E308");
        CleanerSettings before = fixture.engine.cleaner().settings();

        alter(ALL, "log.cleaner.threads", "2", OpType.SET);
        alter(NODE, "log.cleaner.io.max.bytes.per.second", "1048576.5", OpType.SET);
        alter(NODE, "log.cleaner.backoff.ms", "0", OpType.SET);
        alter(NODE, "log.cleaner.dedupe.buffer.size", "4194304", OpType.SET);

        assertThat(fixture.engine.cleaner().settings()).isEqualTo(new CleanerSettings(2,
                1_048_576.5, Duration.ofMillis(10), ByteSize.mebibytes(4)));
        ConfigEntry shown = describe(NODE).get("log.cleaner.dedupe.buffer.size");
        assertThat(shown.isReadOnly()).isFalse();
        assertThat(shown.synonyms()).extracting(ConfigEntry.ConfigSynonym::value)
                .containsExactly("4194304", Long.toString(before.dedupeBuffer().bytes()));
        assertThatThrownBy(() -> alter(NODE, "log.cleaner.dedupe.buffer.size", "100", OpType.SET))
                .rootCause().hasMessage("log.cleaner.dedupe.buffer.size: Value must be 64 B or more"
                        + " for each of 2 threads");
        assertThatThrownBy(() -> alter(NODE, "log.cleaner.io.max.bytes.per.second", "0",
                OpType.SET)).hasRootCauseInstanceOf(InvalidRequestException.class);

        for (String name : List.of("log.cleaner.io.max.bytes.per.second", "log.cleaner.backoff.ms",
                "log.cleaner.dedupe.buffer.size")) {
            alter(NODE, name, "", OpType.DELETE);
        }
        alter(ALL, "log.cleaner.threads", "", OpType.DELETE);
        assertThat(fixture.engine.cleaner().settings()).isEqualTo(before);
    }

    @Test
    void whatNeedsARestartIsRefused() {
        assertThatThrownBy(() -> alter(NODE, "num.partitions", "3", OpType.SET))
                .hasRootCauseInstanceOf(InvalidRequestException.class).rootCause()
                .hasMessage("Cannot update these configs dynamically: [num.partitions]");
        assertThatThrownBy(() -> alter(ALL, "message.max.bytes", "abc", OpType.SET)).rootCause()
                .hasMessage("Invalid value abc for configuration message.max.bytes:"
                        + " Not a number of type INT");
    }

    /**
     * Debezium, Cruise Control, MirrorMaker, Connect and consoles look up these settings by name.
     */
    @Test
    void settingsThatOnlyKafkaHasAreToldReadOnly() throws Exception {
        Config config = describe(NODE);

        Map<String, String> expected = Map.of("default.replication.factor", "1",
                "offsets.topic.replication.factor", "1", "broker.id", "1", "node.id", "1",
                "log.dirs", fixture.engine.location(), "unclean.leader.election.enable", "false",
                "log.cleaner.enable", "true", "num.partitions", "1", "message.max.bytes", "1048588",
                "log.flush.interval.messages", "1");
        expected.forEach((name, value) -> assertThat(config.get(name)).as(name)
                .satisfies(entry -> assertThat(entry.value()).isEqualTo(value)));
        for (String name : List.of("listeners", "advertised.listeners")) {
            assertThat(config.get(name).value()).startsWith("PLAINTEXT://127.0.0.1:");
            assertThat(config.get(name).isReadOnly()).isTrue();
        }
        for (String name : List.of("auto.create.topics.enable", "min.insync.replicas",
                "offsets.retention.minutes", "transaction.state.log.replication.factor")) {
            assertThat(config.get(name)).as(name).isNotNull();
        }
        assertThat(config.get("log.roll.ms").value()).isNull();
        assertThat(config.entries()).extracting(ConfigEntry::name).doesNotHaveDuplicates();
        assertThatThrownBy(() -> alter(NODE, "default.replication.factor", "3", OpType.SET))
                .hasRootCauseInstanceOf(InvalidRequestException.class);
    }

    private void alter(ConfigResource resource, String name, String value, OpType type)
            throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource,
                List.of(new AlterConfigOp(new ConfigEntry(name, value), type)))).all().get();
    }

    private Config describe(ConfigResource resource) throws Exception {
        return Objects.requireNonNull(
                admin.describeConfigs(List.of(resource),
                        new DescribeConfigsOptions().includeSynonyms(true)).all().get()
                        .get(resource));
    }
}
