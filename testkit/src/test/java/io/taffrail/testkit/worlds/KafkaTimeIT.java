package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.TestClock;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every timed wait of the Kafka head that is due has ended when {@code advance} returns. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
@Timeout(120)
class KafkaTimeIT {

    private static final int TIMEOUT_S = 30;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TopicPartition T = new TopicPartition("t", 0);

    private final TaffrailBroker broker;
    private final Kafka kafka;

    KafkaTimeIT(boolean inMemory) {
        TaffrailBroker.Builder builder = TaffrailBroker.builder();
        this.broker = (inMemory ? builder.inMemory() : builder).start();
        this.kafka = new Kafka(broker.bootstrap());
    }

    @AfterEach
    void close() {
        kafka.close();
        broker.close();
    }

    private KafkaConsumer<String, String> member(String protocol, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", broker.bootstrap());
        all.put("group.protocol", protocol);
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    }

    private static List<ConsumerRecord<String, String>> poll(
            KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        while (records.isEmpty()) {
            consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
        }
        return records;
    }

    private Collection<MemberDescription> members(String group) throws Exception {
        return described(group).members();
    }

    private ConsumerGroupDescription described(String group) throws Exception {
        return Objects.requireNonNull(kafka.admin().describeConsumerGroups(List.of(group)).all()
                .get(TIMEOUT_S, TimeUnit.SECONDS).get(group));
    }

    private long earliest() throws Exception {
        return kafka.admin().listOffsets(Map.of(T, OffsetSpec.earliest())).partitionResult(T)
                .get(TIMEOUT_S, TimeUnit.SECONDS).offset();
    }

    @Test
    void aMemberThatIsSilentIsRemoved() throws Exception {
        kafka.create("t", 1);
        kafka.send("t", "k", "v");
        for (String protocol : List.of("classic", "consumer")) {
            KafkaConsumer<String, String> member = member(protocol,
                    Map.of("group.id", protocol, "group.instance.id", "one"));
            member.subscribe(List.of("t"));
            poll(member);
            member.close(CloseOptions.groupMembershipOperation(
                    CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
            assertThat(members(protocol)).as(protocol).hasSize(1);

            broker.clock().advance(Duration.ofSeconds(20));
            assertThat(members(protocol)).as(protocol).hasSize(1);
            broker.clock().advance(Duration.ofSeconds(40));

            assertThat(members(protocol)).as(protocol).isEmpty();
        }
    }

    @Test
    void aRebalanceDoesNotWaitForAMemberThatDoesNotJoin() throws Exception {
        kafka.create("t", 2);
        kafka.send(new ProducerRecord<>("t", 0, "k", "v"));
        kafka.send(new ProducerRecord<>("t", 1, "k", "v"));
        // This member sends heartbeats but no longer polls.
        try (KafkaConsumer<String, String> idle = member("classic",
                Map.of("group.id", "g", "session.timeout.ms", 1_800_000, "max.poll.interval.ms",
                        600_000));
                KafkaConsumer<String, String> other = member("classic",
                        Map.of("group.id", "g", "session.timeout.ms", 1_800_000))) {
            idle.subscribe(List.of("t"));
            poll(idle);
            other.subscribe(List.of("t"));
            CompletableFuture<List<ConsumerRecord<String, String>>> polled = CompletableFuture
                    .supplyAsync(() -> poll(other));
            while (state("g") != GroupState.PREPARING_REBALANCE) {
                assertThat(polled).isNotDone();
            }

            broker.clock().advance(Duration.ofMinutes(11));

            assertThat(polled.get(TIMEOUT_S, TimeUnit.SECONDS)).isNotEmpty();
            assertThat(other.assignment()).hasSize(2);
        }
    }

    private GroupState state(String group) throws Exception {
        return described(group).groupState();
    }

    @Test
    void aLongPollIsAnswered() throws Exception {
        var _ = kafka.admin().createTopics(List.of(new NewTopic("t", 1, (short) 1)
                .configs(Map.of("retention.ms", "-1")))).all().get(TIMEOUT_S, TimeUnit.SECONDS);
        kafka.send("t", "k", "v");
        try (KafkaConsumer<String, String> reader = member("classic",
                Map.of("fetch.min.bytes", 1 << 20, "fetch.max.wait.ms", 3_600_000,
                        "request.timeout.ms", 7_200_000))) {
            reader.assign(List.of(T));
            reader.seekToBeginning(List.of(T));
            CompletableFuture<List<ConsumerRecord<String, String>>> polled = CompletableFuture
                    .supplyAsync(() -> poll(reader));

            // A client cannot observe when its fetch begins to wait.
            while (!isDone(polled)) {
                broker.clock().advance(HOUR);
            }

            assertThat(polled.join()).hasSize(1);
            // The next fetch already waits, and a clean close would wait for it.
            reader.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static boolean isDone(CompletableFuture<?> future) throws Exception {
        try {
            future.get(100, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void recordsAndProducersExpire() throws Exception {
        var _ = kafka.admin().createTopics(List.of(new NewTopic("t", 1, (short) 1)
                .configs(Map.of("retention.ms", "3600000")))).all()
                .get(TIMEOUT_S, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            kafka.send("t", "k", "v");
        }

        broker.clock().advance(HOUR.minusMinutes(5));
        assertThat(earliest()).isZero();
        assertThat(producers()).isEqualTo(1);
        broker.clock().advance(Duration.ofMinutes(10));
        assertThat(earliest()).isEqualTo(3);
        broker.clock().advance(Duration.ofHours(25));
        assertThat(producers()).isZero();
    }

    private int producers() throws Exception {
        return kafka.admin().describeProducers(List.of(T)).partitionResult(T)
                .get(TIMEOUT_S, TimeUnit.SECONDS).activeProducers().size();
    }

    @Test
    void offsetsOfAGroupWithoutMembersExpire() throws Exception {
        kafka.create("t", 1);
        kafka.send("t", "k", "v");
        kafka.read("t", "g", 1);

        broker.clock().advance(Duration.ofDays(6));
        assertThat(groups()).contains("g");
        broker.clock().advance(Duration.ofDays(2));

        assertThat(groups()).doesNotContain("g");
    }

    private List<String> groups() throws Exception {
        return kafka.admin().listGroups().all().get(TIMEOUT_S, TimeUnit.SECONDS).stream()
                .map(GroupListing::groupId).toList();
    }

    @Test
    void connectionsComeAtTheirRateThoughTheClockStandsStill() throws Exception {
        TestClock still = TestClock.stoppedAt(Instant.now());
        try (TaffrailBroker stopped = TaffrailBroker.builder().inMemory().clock(still)
                .set("max.connection.creation.rate.per.ip", "2").start()) {
            // These use up the burst; the client's connections come later.
            for (int i = 0; i < 20; i++) {
                new Socket(stopped.address().getHostString(), stopped.address().getPort())
                        .close();
            }
            try (Kafka client = new Kafka(stopped.bootstrap())) {
                assertThat(client.topics()).isEmpty();
            }
        }
    }
}
