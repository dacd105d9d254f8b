package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.Durability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings of topics that MirrorMaker 2 copies between this broker and a Kafka cluster. */
@Timeout(60)
class MirroringTest {

    private static final String NEVER = "9223372036854775807";

    private final HeadFixture fixture = new HeadFixture();
    private final Admin admin = fixture.admin();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void settingsThatChangeNothingForReadersAreTakenAndTold() throws Exception {
        Map<String, String> settings = Map.ofEntries(Map.entry("cleanup.policy", "compact"),
                Map.entry("file.delete.delay.ms", "1000"), Map.entry("local.retention.ms", "10"),
                Map.entry("local.retention.bytes", "10"), Map.entry("preallocate", "true"),
                Map.entry("remote.log.delete.on.disable", "true"),
                Map.entry("remote.log.copy.disable", "true"),
                Map.entry("remote.storage.enable", "false"),
                Map.entry("follower.replication.throttled.replicas", "0:1"),
                Map.entry("leader.replication.throttled.replicas", "*"),
                Map.entry("segment.jitter.ms", "3"), Map.entry("index.interval.bytes", "8192"),
                Map.entry("flush.messages", "10000"), Map.entry("flush.ms", "1000"),
                Map.entry("min.insync.replicas", "2"),
                Map.entry("unclean.leader.election.enable", "true"));

        create("t", settings);

        assertThat(own("t")).isEqualTo(settings);
    }

    @Test
    void unknownNameIsRefusedWithAllOthers() {
        assertThatThrownBy(() -> create("t", Map.of("cleanup.policy", "compact", "no.such", "1")))
                .hasCauseInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("Unknown topic config name: no.such");
    }

    /** MirrorMaker creates the target topic with the settings that the source topic itself has. */
    @Test
    void everythingATopicSetsItselfHasANameThatKafkaKnows() throws Exception {
        Collection<String> kafkas = new ArrayList<>(
                List.of("leader.replication.throttled.replicas",
                        "follower.replication.throttled.replicas"));
        for (var field : TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG")) {
                kafkas.add((String) Objects.requireNonNull(field.get(null)));
            }
        }
        create("t", Map.of("cleanup.policy", "compact", "durability", "os"));
        create("m", Map.of("durability", "memory"));

        assertThat(own("t")).isEqualTo(Map.of("cleanup.policy", "compact", "flush.messages",
                NEVER));
        for (String topic : List.of("t", "m")) {
            assertThat(describe(topic).entries())
                    .filteredOn(entry -> !kafkas.contains(entry.name()))
                    .allSatisfy(entry -> {
                        assertThat(entry.isDefault()).isTrue();
                        assertThat(entry.isReadOnly()).isTrue();
                    }).extracting(ConfigEntry::name).contains("durability");
        }
        assertThat(describe("m").get("durability").value()).isEqualTo("memory");
    }

    @Test
    void durabilityIsSetByTheNameKafkasToolsKnow() throws Exception {
        create("t", Map.of("flush.messages", NEVER));

        assertThat(durability("t")).isEqualTo(Durability.OS);
        assertThat(describe("t").get("durability").value()).isEqualTo("os");

        alter("t", op("flush.messages", "1", OpType.SET));
        assertThat(durability("t")).isEqualTo(Durability.FSYNC);
        assertThat(own("t")).isEqualTo(Map.of("flush.messages", "1"));

        alter("t", op("flush.messages", "", OpType.DELETE));
        assertThat(own("t")).isEmpty();
        assertThat(describe("t").get("flush.messages").value()).isEqualTo("1");
    }

    @Test
    void bothNamesAreOneSetting() throws Exception {
        create("t", Map.of("durability", "os"));

        alter("t", op("flush.messages", "1", OpType.SET));
        assertThat(durability("t")).isEqualTo(Durability.FSYNC);

        alter("t", op("durability", "os", OpType.SET));
        assertThat(durability("t")).isEqualTo(Durability.OS);
        assertThat(own("t")).isEqualTo(Map.of("flush.messages", NEVER));

        alter("t", op("flush.messages", "", OpType.DELETE));
        assertThat(durability("t")).isEqualTo(Durability.FSYNC);
        assertThat(own("t")).isEmpty();
    }

    /**
     * MirrorMaker's request at each sync: sets the values that the source sets and deletes all
     * others.
     */
    @Test
    void syncOfATopicKeptInMemoryChangesWhatItCan() throws Exception {
        create("t", Map.of("durability", "memory"));

        alter("t", op("flush.messages", "1", OpType.SET), op("retention.ms", "5", OpType.SET));

        assertThat(durability("t")).isEqualTo(Durability.MEMORY);
        assertThat(own("t")).isEqualTo(Map.of("flush.messages", NEVER, "retention.ms", "5"));
        alter("t", op("flush.messages", "", OpType.DELETE));
        assertThat(durability("t")).isEqualTo(Durability.MEMORY);
    }

    private void create(String topic, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings))).all()
                .get();
    }

    private void alter(String topic, AlterConfigOp... changes) throws Exception {
        admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(changes))).all().get();
    }

    private static AlterConfigOp op(String name, String value, OpType type) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    private Durability durability(String topic) {
        return fixture.broker.topics().find(topic).orElseThrow().config().log().durability();
    }

    private Map<String, String> own(String topic) throws Exception {
        return describe(topic).entries().stream()
                .filter(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private Config describe(String topic) throws Exception {
        return Objects.requireNonNull(admin.describeConfigs(List.of(resource(topic))).all().get()
                .get(resource(topic)));
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
