package io.taffrail.broker.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {

    private final TopicConfigs configs = new TopicConfigs(
            () -> TopicDefaults.of(BrokerConfig.defaults()));

    @Test
    void defaultsAreKafkas() {
        TopicConfig config = configs.resolve(Map.of());

        LogOptions expected = LogOptions.defaults();
        assertThat(config.log()).isEqualTo(expected);
        assertThat(config.intake()).isEqualTo(new IntakeRules(1_048_588, TimestampType.CREATE_TIME,
                Long.MAX_VALUE, 3_600_000, CompressionType.PRODUCER, 0, false));
    }

    @Test
    void everySettingTakesItsOwnDefault() {
        for (TopicSetting setting : TopicSettings.all()) {
            assertThatCode(() -> setting.check(setting.inherited().apply(BrokerConfig.defaults())))
                    .as(setting.name()).doesNotThrowAnyException();
        }
    }

    @Test
    void everySettingOfTheBrokerThatIsFollowedExists() {
        Set<String> keys = new HashSet<>();
        for (RecordComponent component : BrokerConfig.class.getRecordComponents()) {
            Key key = component.getAnnotation(Key.class);
            assertThat(key).as(component.getName()).isNotNull();
            keys.add(requireNonNull(key).value());
        }
        for (TopicSetting setting : TopicSettings.all()) {
            assertThat(keys).as(setting.name()).containsAll(setting.brokerKeys());
        }
    }

    @Test
    void overridesReachTheLog() {
        TopicConfig config = configs.resolve(Map.of("retention.ms", "-1", "retention.bytes", "10",
                "segment.bytes", "1048576", "segment.ms", "60000", "durability", "os",
                "cleanup.policy", "compact,delete", "min.cleanable.dirty.ratio", "0.1",
                "min.compaction.lag.ms", "5", "delete.retention.ms", "6"));

        assertThat(config.log().retentionMs()).isEmpty();
        assertThat(config.log().retentionBytes()).hasValue(10);
        assertThat(config.log().segmentBytes()).isEqualTo(new ByteSize(1 << 20));
        assertThat(config.log().segmentAge()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.log().durability()).isEqualTo(Durability.OS);
        assertThat(config.log().deleteRetained()).isTrue();
        assertThat(config.log().compaction()).isEqualTo(new CompactionOptions(true, 0.1,
                Duration.ofMillis(5), Duration.ofMillis(Long.MAX_VALUE), Duration.ofMillis(6)));
        assertThat(config.intake().keysRequired()).isTrue();
    }

    /** A regular expression for the whole list overflowed the stack, which ended the process. */
    @Test
    void aListOfThrottledReplicasMayBeLong() {
        String list = "0:1,".repeat(3_900) + "1:1";
        String name = "leader.replication.throttled.replicas";

        assertThatCode(() -> configs.resolve(Map.of(name, list))).doesNotThrowAnyException();
        for (String wrong : List.of(list + ",", list + ",1", list + ",*", list + " 1:1")) {
            assertThatThrownBy(() -> configs.resolve(Map.of(name, wrong)))
                    .isInstanceOf(InvalidSettingException.class);
        }
    }

    @Test
    void fullIndexBoundsTheSegment() {
        TopicConfig config = configs.resolve(
                Map.of("segment.index.bytes", "80", "index.interval.bytes", "1000"));

        assertThat(config.log().segmentBytes()).isEqualTo(new ByteSize(10_000));
    }

    @Test
    void jitterSpreadsOverPartitions() {
        TopicConfig config = configs
                .resolve(Map.of("segment.ms", "10000", "segment.jitter.ms", "5000"));

        Set<Duration> ages = new HashSet<>();
        for (int partition = 0; partition < 50; partition++) {
            Duration age = PartitionOpener.optionsOf(config, partition).segmentAge();
            assertThat(age).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
            ages.add(age);
        }
        assertThat(ages).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no.such.key | 1 | Unknown topic config name: no.such.key",
        "retention.ms | x | Not a number of type LONG",
        "retention.ms | -2 | Value must be at least -1",
        "segment.bytes | 1000 | Value must be at least 1048576",
        "segment.bytes | 9999999999 | Not a number of type INT",
        "cleanup.policy | shrink | String must be one of: compact, delete",
        "cleanup.policy | '' | must not be empty",
        "compression.type | zip | String must be one of",
        "min.cleanable.dirty.ratio | 2 | Value must be no more than 1",
        "unclean.leader.election.enable | maybe | Expected value to be either true or false",
        "remote.storage.enable | true | this node's disk only",
        "compression.gzip.level | 10 | Value must be no more than 9",
        "min.insync.replicas | 0 | Value must be at least 1",
        "durability | maybe | String must be one of: fsync, os, memory"})
    void impossibleValueIsRefusedWithItsReason(String name, String value, String reason) {
        assertThatThrownBy(() -> configs.resolve(Map.of(name, value)))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining(reason);
    }

    @Test
    void lagsThatContradictAreRefused() {
        assertThatThrownBy(() -> configs.resolve(
                Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5")))
                .hasMessageContaining("conflict");
    }

    @ParameterizedTest
    @CsvSource({"min.insync.replicas,2", "unclean.leader.election.enable,true",
        "flush.messages,1", "flush.ms,0", "retention.ms,' 5 '", "internal.segment.bytes,1024",
        "leader.replication.throttled.replicas,*", "remote.storage.enable,false",
        "file.delete.delay.ms,1000", "local.retention.ms,5", "local.retention.bytes,5",
        "preallocate,true", "remote.log.delete.on.disable,true", "remote.log.copy.disable,true",
        "segment.jitter.ms,7", "index.interval.bytes,8192",
        "follower.replication.throttled.replicas,'0:1,1:1'"})
    void valueThatIsMetAnywayIsTakenAndKept(String name, String value) {
        assertThat(configs.resolve(Map.of(name, value)).overrides()).containsEntry(name, value);
    }

    @ParameterizedTest
    @CsvSource({"1, FSYNC", "10000, FSYNC", "' 9223372036854775807 ', OS"})
    void flushMessagesIsDurabilityByKafkasName(String messages, Durability durability) {
        assertThat(configs.resolve(Map.of("flush.messages", messages)).log().durability())
                .isEqualTo(durability);
    }

    @Test
    void durabilityCountsWhereBothNamesAreSet() {
        assertThat(configs.resolve(Map.of("flush.messages", "1", "durability", "os")).log()
                .durability()).isEqualTo(Durability.OS);
    }

    @Test
    void lastNameThatIsSetCounts() {
        Map<String, String> both = Map.of("durability", "os", "flush.messages", "1", "segment.ms",
                "5");

        assertThat(DurabilityNames.before(both, "flush.messages")).containsOnlyKeys(
                "flush.messages", "segment.ms");
        assertThat(DurabilityNames.before(both, "durability")).containsOnlyKeys("durability",
                "segment.ms");
        assertThat(DurabilityNames.before(both, "segment.ms")).isEqualTo(both);
    }

    @Test
    void flushMessagesDoesNotTakeATopicOutOfMemory() {
        Map<String, String> memory = Map.of("durability", "memory");

        assertThat(DurabilityNames.before(memory, "flush.messages")).isEqualTo(memory);
        assertThat(DurabilityNames.durability(Map.of("flush.messages", "1"), Durability.MEMORY))
                .isEqualTo(Durability.MEMORY);
    }

    @ParameterizedTest
    @CsvSource({"os, 5, 9223372036854775807", "fsync, 5, 5", "fsync, 9223372036854775807, 1",
        "memory, 1, 9223372036854775807"})
    void flushMessagesTellsWhatIsPromised(String durability, String own, String told) {
        Map<String, String> overrides = Map.of("durability", durability, "flush.messages", own);

        assertThat(DurabilityNames.flushMessages(overrides,
                DurabilityNames.durability(overrides, Durability.FSYNC))).isEqualTo(told);
    }
}
