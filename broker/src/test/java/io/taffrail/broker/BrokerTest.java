package io.taffrail.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Owner;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerTest {

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_000_000));
    private MemoryLogEngine engine = new MemoryLogEngine(clock);
    private Broker broker = open(BrokerConfig.defaults());

    @AfterEach
    void close() {
        broker.close();
        engine.close();
    }

    @Test
    void topicsSurviveARestart() {
        Topic before = created(NewTopic.of("t", 3, Map.of("retention.ms", "7")));

        restart();

        Topic after = broker.topics().find("t").orElseThrow();
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.partitions()).hasSize(3);
        assertThat(after.config().log().retentionMs()).hasValue(7);
        assertThat(broker.topics().find(before.id())).contains(after);
    }

    @Test
    void refusesDataOfAnotherNode() {
        broker.close();
        engine = engine.restart();

        assertThatThrownBy(() -> open(config(7, "delete")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("node.id is 7, but the stored data belongs to node 1;");

        engine = engine.restart();
        broker = open(config(1, "delete"));
    }

    @Test
    void clusterIdSurvivesARestart() {
        String before = broker.clusterId();

        restart();

        assertThat(broker.clusterId()).isEqualTo(before).hasSize(22);
    }

    @Test
    void deletedTopicIsGoneWithItsLogs() {
        Topic topic = created(NewTopic.of("t", 2, Map.of()));

        assertThat(broker.topics().delete("t").join()).isInstanceOf(TopicOutcome.Done.class);

        assertThat(broker.topics().find("t")).isEmpty();
        assertThat(broker.topics().find(topic.id())).isEmpty();
        assertThat(engine.logs()).isEmpty();
        restart();
        assertThat(broker.topics().all()).isEmpty();
    }

    @Test
    void topicCreatedAnewHasOtherLogs() {
        Topic first = created(NewTopic.of("t", 1, Map.of()));
        var _ = broker.topics().delete("t").join();
        Topic second = created(NewTopic.of("t", 1, Map.of()));

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.partitions().getFirst().log().id())
                .isNotEqualTo(first.partitions().getFirst().log().id());
    }

    @Test
    void addedPartitionsKeepTheOldLogs() {
        Topic before = created(NewTopic.of("t", 1, Map.of()));

        var _ = broker.topics().addPartitions("t", 4).join();

        Topic after = broker.topics().find("t").orElseThrow();
        assertThat(after.partitions()).extracting(Partition::index).containsExactly(0, 1, 2, 3);
        assertThat(after.partitions().getFirst()).isEqualTo(before.partitions().getFirst());
    }

    @Test
    void changedSettingsReachTheLogs() {
        created(NewTopic.of("t", 1, Map.of()));

        var _ = broker.topics().alterConfig("t", before -> Map.of("retention.bytes", "99")).join();

        Topic after = broker.topics().find("t").orElseThrow();
        assertThat(after.partitions().getFirst().log().options().retentionBytes()).hasValue(99);
    }

    @Test
    void durabilityCannotLeaveMemory() {
        created(NewTopic.of("t", 1, Map.of("durability", "memory")));

        assertThat(broker.topics().alterConfig("t", _ -> Map.of("durability", "os")).join())
                .isInstanceOfSatisfying(TopicOutcome.Refused.class, refused -> assertThat(
                        refused.error()).isEqualTo(BrokerError.INVALID_TOPIC_CONFIG));
        assertThat(broker.topics().find("t").orElseThrow().config().log().durability())
                .isEqualTo(Durability.MEMORY);
    }

    @Test
    void refusesWhatCannotBe() {
        created(NewTopic.of("a.b", 1, Map.of()));

        assertThat(error(NewTopic.of("a.b", 1, Map.of()))).isEqualTo(BrokerError.TOPIC_EXISTS);
        assertThat(error(NewTopic.of("a_b", 1, Map.of())))
                .isEqualTo(BrokerError.INVALID_TOPIC_NAME);
        assertThat(error(NewTopic.of("..", 1, Map.of())))
                .isEqualTo(BrokerError.INVALID_TOPIC_NAME);
        assertThat(error(NewTopic.of("x".repeat(250), 1, Map.of())))
                .isEqualTo(BrokerError.INVALID_TOPIC_NAME);
        assertThat(error(NewTopic.of("x", 0, Map.of())))
                .isEqualTo(BrokerError.INVALID_PARTITION_COUNT);
        assertThat(error(NewTopic.of("x", 100_000, Map.of())))
                .isEqualTo(BrokerError.PARTITION_LIMIT_REACHED);
        assertThat(error(NewTopic.of("x", 1, Map.of("nonsense", "1"))))
                .isEqualTo(BrokerError.INVALID_TOPIC_CONFIG);
    }

    @Test
    void longestNameHasALog() {
        Topic topic = created(NewTopic.of("x".repeat(249), 1, Map.of()));

        assertThat(topic.partitions().getFirst().offline()).isEmpty();
    }

    @Test
    void findOrCreateGivesTheSameTopicTwice() {
        var first = broker.topics().findOrCreate(NewTopic.of("t", 1, Map.of()));
        var second = broker.topics().findOrCreate(NewTopic.of("t", 1, Map.of()));

        assertThat(first.join()).isEqualTo(second.join());
    }

    @Test
    void listenerSeesWhatIsThereAndThenEveryChange() {
        created(NewTopic.of("a", 1, Map.of()));
        List<String> seen = new ArrayList<>();
        var _ = broker.topics().watch(new TopicListener() {
            @Override
            public void changed(Topic topic) {
                seen.add("changed " + topic.name() + " " + topic.partitions().size());
            }

            @Override
            public void deleted(Topic topic) {
                seen.add("deleted " + topic.name());
            }
        });

        created(NewTopic.of("b", 1, Map.of()));
        var _ = broker.topics().addPartitions("b", 2).join();
        var _ = broker.topics().delete("a").join();

        assertThat(seen).containsExactly("changed a 1", "changed b 1", "changed b 2",
                "deleted a");
    }

    @Test
    void listenerThatFailsDoesNotAffectOthersOrTheChange() {
        created(NewTopic.of("a", 1, Map.of()));
        var _ = broker.topics().watch(new TopicListener() {
            @Override
            public void changed(Topic topic) {
                throw new AssertionError("told of " + topic.name());
            }

            @Override
            public void deleted(Topic topic) {
                throw new IllegalStateException("told of " + topic.name());
            }
        });
        List<String> seen = new ArrayList<>();
        var _ = broker.topics().watch(new TopicListener() {
            @Override
            public void changed(Topic topic) {
                seen.add("changed " + topic.name());
            }

            @Override
            public void deleted(Topic topic) {
                seen.add("deleted " + topic.name());
            }
        });

        created(NewTopic.of("b", 1, Map.of()));
        var _ = broker.topics().delete("a").join();

        assertThat(seen).containsExactly("changed a", "changed b", "deleted a");
    }

    @Test
    void producerIdsNeverComeTwice() {
        Set<Long> given = new HashSet<>();
        for (int i = 0; i < 2500; i++) {
            assertThat(given.add(broker.producerIds().next().join())).isTrue();
        }

        restart();

        for (int i = 0; i < 10; i++) {
            assertThat(given.add(broker.producerIds().next().join())).isTrue();
        }
    }

    private static BrokerConfig config(int nodeId, String cleanupPolicy) {
        BrokerConfig d = BrokerConfig.defaults();
        return new BrokerConfig(nodeId, d.numPartitions(), d.autoCreateTopics(),
                d.deleteTopics(), d.maxPartitions(), d.durability(), d.retentionMs(),
                d.retentionMinutes(), d.retentionHours(), d.retentionBytes(),
                d.retentionCheckIntervalMs(), d.segmentBytes(), d.rollMs(), d.rollHours(),
                d.rollJitterMs(), d.indexIntervalBytes(), d.indexMaxBytes(), cleanupPolicy,
                d.deleteRetentionMs(), d.minCompactionLagMs(), d.maxCompactionLagMs(),
                d.minCleanableRatio(), d.messageMaxBytes(), d.timestampType(),
                d.timestampBeforeMaxMs(), d.timestampAfterMaxMs(), d.compressionType(),
                d.gzipLevel(), d.lz4Level(), d.zstdLevel(), d.minInsyncReplicas(),
                d.producerIdExpirationMs(), d.consumerTimeoutMs());
    }

    @Test
    void badBrokerSettingStopsTheStart() {
        assertThatThrownBy(() -> open(config(1, "shrink")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log.cleanup.policy");
    }

    @Test
    void quarantinedLogIsOpenedAnewByTheCommandAlone() {
        Partition failed = created(NewTopic.of("t", 1, Map.of())).partitions().getFirst();
        engine.failNextAppend(Refusal.STORAGE_FAILED);
        assertThat(failed.log().append(ByteBuffer.allocate(0)))
                .isInstanceOf(AppendResult.Refused.class);

        broker.topics().reopen(failed);

        assertThat(engine.quarantined()).containsKey(failed.log().id());
        assertThat(broker.topics().reopenNow("t", 0).join())
                .isInstanceOf(TopicOutcome.Done.class);
        Partition opened = broker.topics().find("t").orElseThrow().partitions().getFirst();
        assertThat(opened).isNotEqualTo(failed);
        assertThat(opened.log().leaderEpoch()).isGreaterThan(failed.log().leaderEpoch());
        assertThat(engine.quarantined()).isEmpty();
        assertThat(broker.topics().reopenNow("t", 7).join())
                .isInstanceOf(TopicOutcome.Refused.class);
    }

    @Test
    void leaderEpochGrowsWithEachStart() {
        int first = created(NewTopic.of("t", 1, Map.of())).partitions().getFirst().log()
                .leaderEpoch();

        restart();

        assertThat(broker.topics().find("t").orElseThrow().partitions().getFirst().log()
                .leaderEpoch()).isGreaterThan(first);
    }

    @Test
    void unknownTopicsAreNotFound() {
        assertThat(broker.topics().find("no")).isEmpty();
        assertThat(broker.topics().find(new UUID(1, 1))).isEmpty();
        assertThat(broker.topics().delete("no").join())
                .isInstanceOfSatisfying(TopicOutcome.Refused.class, refused -> assertThat(
                        refused.error()).isEqualTo(BrokerError.TOPIC_NOT_FOUND));
    }

    private BrokerError error(NewTopic topic) {
        TopicOutcome outcome = broker.topics().create(topic).join();
        assertThat(outcome).isInstanceOf(TopicOutcome.Refused.class);
        assertThat(broker.topics().check(topic)).isPresent();
        return ((TopicOutcome.Refused) outcome).error();
    }

    private Topic created(NewTopic topic) {
        return ((TopicOutcome.Done) broker.topics().create(topic).join()).topic();
    }

    private Broker open(BrokerConfig config) {
        return Broker.open(engine, config, List.of(Owner.direct()), clock);
    }

    private void restart() {
        broker.close();
        engine = engine.restart();
        broker = open(BrokerConfig.defaults());
    }
}
