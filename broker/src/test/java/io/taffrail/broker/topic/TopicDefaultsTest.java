package io.taffrail.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.BrokerError;
import io.taffrail.broker.topic.TopicDefaults.Scope;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topic defaults that change while the broker runs. */
class TopicDefaultsTest {

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private MemoryLogEngine engine = new MemoryLogEngine(clock);
    private Broker broker = open();

    @AfterEach
    void close() {
        broker.close();
        engine.close();
    }

    @Test
    void topicsFollowAndTheNarrowerScopeWins() {
        create("t", Map.of());

        set(Scope.EVERY_NODE, Map.of("log.retention.bytes", "10"));
        assertThat(retentionBytes("t")).isEqualTo(10);
        set(Scope.THIS_NODE, Map.of("log.retention.bytes", "20"));
        assertThat(retentionBytes("t")).isEqualTo(20);
        set(Scope.THIS_NODE, Map.of());
        assertThat(retentionBytes("t")).isEqualTo(10);
        set(Scope.EVERY_NODE, Map.of());
        assertThat(broker.topics().find("t").orElseThrow().config().log().retentionBytes())
                .isEmpty();
    }

    @Test
    void topicsOwnValueStays() {
        create("t", Map.of("retention.bytes", "5"));

        set(Scope.THIS_NODE, Map.of("log.retention.bytes", "20"));

        assertThat(retentionBytes("t")).isEqualTo(5);
    }

    @Test
    void theySurviveARestartAndReachNewTopics() {
        set(Scope.THIS_NODE, Map.of("log.retention.bytes", "20"));

        restart();

        create("t", Map.of());
        assertThat(retentionBytes("t")).isEqualTo(20);
        assertThat(broker.topics().defaults().thisNode())
                .containsExactly(Map.entry("log.retention.bytes", "20"));
    }

    @Test
    void producersExpireAsLastSet() {
        create("t", Map.of());

        set(Scope.EVERY_NODE, Map.of("producer.id.expiration.ms", "5000"));

        assertThat(broker.topics().find("t").orElseThrow().config().log().producerExpiry())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whatNeedsARestartCannotChange() {
        assertThat(alter(Map.of("num.partitions", "3")))
                .contains(new Refused(BrokerError.INVALID_TOPIC_CONFIG,
                        "Cannot update these configs dynamically: [num.partitions]"));
        assertThat(alter(Map.of("log.durability", "memory"))).isPresent();
        assertThat(alter(Map.of("log.retention.bytes", "x")).orElseThrow().detail())
                .isEqualTo("Invalid value x for configuration log.retention.bytes:"
                        + " Not a number of type LONG");
        assertThat(broker.topics().defaults().thisNode()).isEmpty();
    }

    @Test
    void aValueThatATopicCannotFollowIsRefused() {
        create("t", Map.of("min.compaction.lag.ms", "10"));

        assertThat(alter(Map.of("log.cleaner.max.compaction.lag.ms", "5")).orElseThrow().detail())
                .contains("max.compaction.lag.ms (5)");
        assertThat(broker.topics().checkDefaults(Scope.THIS_NODE,
                Map.of("log.cleaner.max.compaction.lag.ms", "5"))).isPresent();
    }

    @Test
    void throttlesOfCopyingAreTaken() {
        assertThat(alter(Map.of("leader.replication.throttled.rate", "1000"))).isEmpty();
        assertThat(alter(Map.of("leader.replication.throttled.rate", "-1"))).isPresent();
    }

    private long retentionBytes(String topic) {
        return broker.topics().find(topic).orElseThrow().partitions().getFirst().log().options()
                .retentionBytes().orElseThrow();
    }

    private void create(String name, Map<String, String> overrides) {
        assertThat(broker.topics().create(NewTopic.of(name, 1, overrides)).join())
                .isInstanceOf(TopicOutcome.Done.class);
    }

    private Optional<Refused> alter(Map<String, String> values) {
        return broker.topics().alterDefaults(Scope.THIS_NODE, _ -> values).join();
    }

    private void set(Scope scope, Map<String, String> values) {
        assertThat(broker.topics().alterDefaults(scope, _ -> values).join()).isEmpty();
    }

    private void restart() {
        broker.close();
        engine = engine.restart();
        broker = open();
    }

    private Broker open() {
        return Broker.open(engine, BrokerConfig.defaults(), List.of(Owner.direct()), clock);
    }
}
