package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups used by kafka-clients over sockets. */
@Timeout(120)
class RealConsumersTest {

    private static final Duration POLL = Duration.ofMillis(50);

    private final ServerFixture server = new ServerFixture(
            Map.of("group.initial.rebalance.delay.ms", "0",
                    "group.consumer.assignment.interval.ms", "0",
                    "group.consumer.min.heartbeat.interval.ms", "200",
                    "group.consumer.heartbeat.interval.ms", "200"));

    @AfterEach
    void close() {
        server.close();
    }

    private KafkaConsumer<String, String> consumer(String protocol, Map<String, String> more) {
        Map<String, Object> config = new HashMap<>(server.clientConfig());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "200");
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "200");
        config.putAll(more);
        if (protocol.equals("consumer")) {
            config.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG); // set by the broker
        }
        return new KafkaConsumer<>(config);
    }

    private void topic(String name, int partitions) throws Exception {
        server.admin().createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all()
                .get();
    }

    private void produce(String topic, int partitions, int from, int to) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                server.clientConfig())) {
            for (int i = from; i < to; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, i % partitions, "k", "v" + i));
            }
            producer.flush();
        }
    }

    private static void poll(Collection<String> into, List<KafkaConsumer<String, String>> members,
            int count) {
        while (into.size() < count) {
            for (KafkaConsumer<String, String> member : members) {
                for (ConsumerRecord<String, String> record : member.poll(POLL)) {
                    into.add(record.value());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoMembersShareATopicAndEachRecordIsReadOnce(String protocol) throws Exception {
        topic("t", 4);
        try (var first = consumer(protocol, Map.of());
                var second = consumer(protocol, Map.of())) {
            first.subscribe(List.of("t"));
            second.subscribe(List.of("t"));
            while (first.assignment().size() != 2 || second.assignment().size() != 2) {
                first.poll(POLL);
                second.poll(POLL);
            }

            produce("t", 4, 0, 1000);
            List<String> values = new ArrayList<>();
            poll(values, List.of(first, second), 1000);

            assertThat(values).hasSize(1000).doesNotHaveDuplicates();
            first.unsubscribe();
            while (second.assignment().size() != 4) {
                second.poll(POLL);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupResumesWhereItCommittedAfterRestart(String protocol) throws Exception {
        topic("t", 2);
        produce("t", 2, 0, 100);
        try (var consumer = consumer(protocol, Map.of())) {
            consumer.subscribe(List.of("t"));
            poll(new ArrayList<>(), List.of(consumer), 100);
            consumer.commitSync();
        }

        server.restart();
        produce("t", 2, 100, 110);

        try (var consumer = consumer(protocol, Map.of())) {
            consumer.subscribe(List.of("t"));
            List<String> values = new ArrayList<>();
            poll(values, List.of(consumer), 10);
            assertThat(values).hasSize(10).contains("v100", "v109").doesNotContain("v99");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void memberLivesThroughARestart(String protocol) throws Exception {
        topic("t", 2);
        Set<TopicPartition> lost = new HashSet<>();
        // With the default strategy, a client that finds no broker forgets its topics and rejoins.
        var patient = Map.of(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        try (var consumer = consumer(protocol, patient)) {
            consumer.subscribe(List.of("t"), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    lost.addAll(partitions);
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
            });
            while (consumer.assignment().size() != 2) {
                consumer.poll(POLL);
            }
            int generation = consumer.groupMetadata().generationId();

            server.restart();
            produce("t", 2, 0, 10);
            poll(new ArrayList<>(), List.of(consumer), 10);
            consumer.commitSync();

            assertThat(lost).isEmpty();
            assertThat(consumer.groupMetadata().generationId()).isEqualTo(generation);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void staticMemberComesBackToItsPartitions(String protocol) throws Exception {
        topic("t", 4);
        try (var other = consumer(protocol, Map.of("group.instance.id", "other"))) {
            other.subscribe(List.of("t"));
            Set<TopicPartition> before;
            try (var first = consumer(protocol, Map.of("group.instance.id", "first"))) {
                first.subscribe(List.of("t"));
                while (first.assignment().size() != 2 || other.assignment().size() != 2) {
                    first.poll(POLL);
                    other.poll(POLL);
                }
                before = Set.copyOf(first.assignment());
            }
            int generation = other.groupMetadata().generationId();

            try (var again = consumer(protocol, Map.of("group.instance.id", "first"))) {
                again.subscribe(List.of("t"));
                while (again.assignment().isEmpty()) {
                    again.poll(POLL);
                    other.poll(POLL);
                }
                assertThat(again.assignment()).isEqualTo(before);
            }
            assertThat(other.assignment()).hasSize(2);
            assertThat(other.groupMetadata().generationId()).isEqualTo(generation);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void silentMemberIsRemoved(String protocol) throws Exception {
        topic("t", 2);
        try (var alive = consumer(protocol, Map.of());
                var silent = consumer(protocol, Map.of("max.poll.interval.ms", "1000"))) {
            alive.subscribe(List.of("t"));
            silent.subscribe(List.of("t"));
            while (alive.assignment().size() != 1 || silent.assignment().size() != 1) {
                alive.poll(POLL);
                silent.poll(POLL);
            }
            while (alive.assignment().size() != 2) {
                alive.poll(POLL);
            }
        }
    }

    @Test
    void patternsAreMatchedByTheBroker() throws Exception {
        topic("orders-1", 1);
        topic("else", 1);
        produce("orders-1", 1, 0, 5);
        produce("else", 1, 5, 10);
        try (var consumer = consumer("consumer", Map.of())) {
            consumer.subscribe(new SubscriptionPattern("orders-.*"));
            List<String> values = new ArrayList<>();
            poll(values, List.of(consumer), 5);
            assertThat(values).containsExactly("v0", "v1", "v2", "v3", "v4");
        }
    }

    @Test
    void patternOfTheClientFollowsNewTopics() throws Exception {
        topic("orders-1", 1);
        try (var consumer = consumer("classic", Map.of())) {
            consumer.subscribe(Pattern.compile("orders-.*"));
            while (consumer.assignment().size() != 1) {
                consumer.poll(POLL);
            }
            topic("orders-2", 1);
            while (consumer.assignment().size() != 2) {
                consumer.poll(POLL);
            }
        }
    }

    @Test
    void groupMovesFromTheClassicToTheConsumerProtocol() throws Exception {
        topic("t", 2);
        produce("t", 2, 0, 10);
        try (var classic = consumer("classic", Map.of())) {
            classic.subscribe(List.of("t"));
            poll(new ArrayList<>(), List.of(classic), 10);
            classic.commitSync();

            try (var modern = consumer("consumer", Map.of())) {
                modern.subscribe(List.of("t"));
                while (classic.assignment().size() != 1 || modern.assignment().size() != 1) {
                    classic.poll(POLL);
                    modern.poll(POLL);
                }
                produce("t", 2, 10, 20);
                List<String> values = new ArrayList<>();
                poll(values, List.of(classic, modern), 10);
                assertThat(values).hasSize(10).doesNotHaveDuplicates();
            }
        }
    }
}
