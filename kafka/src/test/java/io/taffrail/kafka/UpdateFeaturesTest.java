package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKeyCollection;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** UpdateFeatures with Kafka's admin client; texts are those of Kafka 4.3.1's controller. */
@Timeout(60)
class UpdateFeaturesTest {

    private static final String TRANSACTIONS = "transaction.version";
    private static final String GROUPS = "group.version";

    private HeadFixture fixture = new HeadFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void aLevelIsLoweredAndRaised() throws Exception {
        Admin admin = fixture.admin();
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1, TRANSACTIONS, 2));

        update(admin, TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE);
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1, TRANSACTIONS, 1));
        update(admin, TRANSACTIONS, 0, UpgradeType.UNSAFE_DOWNGRADE);
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1));
        update(admin, TRANSACTIONS, 2, UpgradeType.UPGRADE);
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1, TRANSACTIONS, 2));
    }

    @Test
    void theEpochGrowsWithEachChange() throws Exception {
        Admin admin = fixture.admin();
        long before = epoch(admin);

        update(admin, TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE);
        assertThat(epoch(admin)).isEqualTo(before + 1);
        update(admin, TRANSACTIONS, 1, UpgradeType.UPGRADE);
        assertThat(epoch(admin)).isEqualTo(before + 1);
    }

    @Test
    void levelsSurviveARestart() throws Exception {
        MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
        fixture.close();
        fixture = new HeadFixture(engine, BrokerConfig.defaults(), KafkaConfig.defaults());
        update(fixture.admin(), TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE);
        update(fixture.admin(), GROUPS, 0, UpgradeType.SAFE_DOWNGRADE);
        MemoryLogEngine after = engine.restart();
        fixture.close();

        fixture = new HeadFixture(after, BrokerConfig.defaults(), KafkaConfig.defaults());
        assertThat(describe(fixture.admin())).isEqualTo(Map.of(TRANSACTIONS, 1));
        assertThat(epoch(fixture.admin())).isEqualTo(2);
    }

    @Test
    void whatKafkaRefusesIsRefused() {
        refused(TRANSACTIONS, 3, UpgradeType.UPGRADE,
                "Local controller 1 only supports versions 0-2");
        refused(TRANSACTIONS, 1, UpgradeType.UPGRADE, "Can't downgrade the version of this feature"
                + " without setting the upgrade type to either safe or unsafe downgrade.");
        refused("metadata.version", 20, UpgradeType.UPGRADE,
                "Local controller 1 does not support this feature.");
        update(fixture.admin(), TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE);
        refused(TRANSACTIONS, 2, UpgradeType.SAFE_DOWNGRADE, "Can't downgrade to a newer version.");
    }

    @Test
    void oneRefusalRefusesTheWholeRequest() throws Exception {
        Admin admin = fixture.admin();

        assertThatThrownBy(() -> admin.updateFeatures(Map.of(
                GROUPS, new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE),
                TRANSACTIONS, new FeatureUpdate((short) 9, UpgradeType.UPGRADE)),
                new UpdateFeaturesOptions()).all().get())
                .hasCauseInstanceOf(InvalidUpdateVersionException.class);
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1, TRANSACTIONS, 2));
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        Admin admin = fixture.admin();
        UpdateFeaturesOptions dry = new UpdateFeaturesOptions().validateOnly(true);

        admin.updateFeatures(Map.of(TRANSACTIONS,
                new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)), dry).all().get();
        assertThat(describe(admin)).isEqualTo(Map.of(GROUPS, 1, TRANSACTIONS, 2));
        assertThatThrownBy(() -> admin.updateFeatures(Map.of(TRANSACTIONS,
                new FeatureUpdate((short) 3, UpgradeType.UPGRADE)), dry).all().get())
                .hasCauseInstanceOf(InvalidUpdateVersionException.class);
    }

    @Test
    void unknownTypesAndVersionZeroAreAnsweredAsByKafka() throws Exception {
        assertThat(raw(1, new FeatureUpdateKey().setFeature(TRANSACTIONS)
                .setMaxVersionLevel((short) 1).setUpgradeType((byte) 9)).errorMessage())
                .endsWith("The controller does not support the given upgrade type.");
        assertThat(raw(1, new FeatureUpdateKey().setFeature(TRANSACTIONS)
                .setMaxVersionLevel((short) -1)).errorMessage())
                .endsWith("A feature version cannot be less than 0.");

        UpdateFeaturesResponseData old = raw(0, new FeatureUpdateKey().setFeature(TRANSACTIONS)
                .setMaxVersionLevel((short) 1).setAllowDowngrade(true));
        assertThat(old.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(old.results()).hasSize(1).allMatch(each -> each.errorCode() == 0);
    }

    @Test
    void aLowerTransactionVersionKeepsTheProducersEpoch() throws Exception {
        fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).get();

        assertThat(epochAfterThreeCommits("new")).isEqualTo((short) 3);
        update(fixture.admin(), TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE);
        assertThat(epochAfterThreeCommits("old")).isZero();
        update(fixture.admin(), TRANSACTIONS, 0, UpgradeType.SAFE_DOWNGRADE);
        assertThat(epochAfterThreeCommits("oldest")).isZero();
    }

    private int epochAfterThreeCommits(String id) throws Exception {
        TopicPartition partition = new TopicPartition("t", 0);
        Admin admin = fixture.admin();
        try (KafkaProducer<String, String> producer = fixture.producer(
                Map.of("transactional.id", id))) {
            producer.initTransactions();
            for (int i = 0; i < 3; i++) {
                producer.beginTransaction();
                var _ = producer.send(new ProducerRecord<>("t", "v"));
                producer.commitTransaction();
            }
            long producerId = admin.describeTransactions(List.of(id)).description(id).get()
                    .producerId();
            return admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                    .activeProducers().stream().filter(each -> each.producerId() == producerId)
                    .mapToInt(ProducerState::producerEpoch).findFirst().orElseThrow();
        }
    }

    @Test
    void theConsumerProtocolNeedsGroupVersionOne() throws Exception {
        fixture.broker.topics().create(NewTopic.of("t", 1, Map.of())).get();
        update(fixture.admin(), GROUPS, 0, UpgradeType.SAFE_DOWNGRADE);

        try (KafkaConsumer<String, String> consumer = fixture.consumer(
                Map.of("group.id", "g", "group.protocol", "consumer"))) {
            consumer.subscribe(List.of("t"));
            assertThatThrownBy(() -> {
                while (true) {
                    consumer.poll(Duration.ofMillis(100));
                }
            }).isInstanceOf(UnsupportedVersionException.class);
        }
    }

    private UpdateFeaturesResponseData raw(int version, FeatureUpdateKey update) throws Exception {
        FeatureUpdateKeyCollection updates = new FeatureUpdateKeyCollection();
        updates.add(update);
        try (RawClient client = new RawClient(fixture.head.address().getPort())) {
            return client.call(ApiKeys.UPDATE_FEATURES, version,
                    new UpdateFeaturesRequestData().setFeatureUpdates(updates),
                    UpdateFeaturesResponseData.class);
        }
    }

    private void refused(String feature, int level, UpgradeType type, String reason) {
        assertThatThrownBy(() -> update(fixture.admin(), feature, level, type))
                .hasRootCauseInstanceOf(InvalidUpdateVersionException.class)
                .hasRootCauseMessage("The update failed for all features since the following"
                        + " feature had an error: Invalid update version " + level
                        + " for feature " + feature + ". " + reason);
    }

    private static void update(Admin admin, String feature, int level, UpgradeType type) {
        try {
            admin.updateFeatures(Map.of(feature, new FeatureUpdate((short) level, type)),
                    new UpdateFeaturesOptions()).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Integer> describe(Admin admin) throws Exception {
        return metadata(admin).finalizedFeatures().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey,
                        each -> (int) each.getValue().maxVersionLevel()));
    }

    private static long epoch(Admin admin) throws Exception {
        return metadata(admin).finalizedFeaturesEpoch().orElseThrow();
    }

    private static FeatureMetadata metadata(Admin admin) throws Exception {
        return admin.describeFeatures().featureMetadata().get();
    }
}
