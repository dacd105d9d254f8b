package io.taffrail.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that is killed with SIGKILL at random moments while a producer and a group work keeps
 * its promises. {@code -Dseed=N} repeats the moments.
 */
class KillUnderLoadIT {

    private static final int KILLS = 5;
    private static final int MOST_ACKNOWLEDGED_BETWEEN = 20_000;
    private static final List<TopicPartition> PARTITIONS = List.of(new TopicPartition("load", 0),
            new TopicPartition("load", 1), new TopicPartition("load", 2));

    @TempDir
    Path dir = Path.of(".");

    @Test
    void keepsEveryAcknowledgedRecordAndCommittedOffset() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillUnderLoadIT: -Dseed=" + seed);
        Random random = new Random(seed);
        try (ForkedBroker broker = ForkedBroker.start(dir.resolve("data"),
                Map.of("group.initial.rebalance.delay.ms", "0"))) {
            createTopic(broker);
            Acknowledged acknowledged = new Acknowledged();
            try (GroupReader group = GroupReader.start(broker.bootstrap(), "load");
                    LoadProducer producer = LoadProducer.start(broker.bootstrap(), PARTITIONS,
                            acknowledged)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    group.awaitCommit();
                    acknowledged.await(
                            acknowledged.count() + 1 + random.nextInt(MOST_ACKNOWLEDGED_BETWEEN));
                    broker.kill();
                    Map<TopicPartition, Long> committed = group.committed();
                    broker.restart();
                    assertCommitted(broker, committed);
                }
                producer.finish();
                group.awaitAll(acknowledged);
            }
            StoredValues stored = StoredValues.read(broker.bootstrap(), PARTITIONS);
            stored.assertEachOnceAndInOrder();
            acknowledged.assertStoredIn(stored);
            assertThat(broker.stop()).isZero();
        }
    }

    private static void createTopic(ForkedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("load", PARTITIONS.size(), (short) 1))).all()
                    .get();
        }
    }

    private static void assertCommitted(ForkedBroker broker, Map<TopicPartition, Long> committed)
            throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var stored = admin.listConsumerGroupOffsets("load").partitionsToOffsetAndMetadata()
                    .get();
            committed.forEach((partition, offset) -> {
                OffsetAndMetadata found = stored.get(partition);
                assertThat(found).as("committed offset of " + partition).isNotNull();
                assertThat(requireNonNull(found).offset())
                        .as("committed offset of " + partition).isGreaterThanOrEqualTo(offset);
            });
        }
    }
}
