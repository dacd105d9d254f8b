package io.taffrail.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerConfig;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminTest {

    private final HeadFixture fixture = new HeadFixture();
    private final Admin admin = fixture.admin();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void describesTheClusterOfOne() throws Exception {
        var cluster = admin.describeCluster();

        assertThat(cluster.clusterId().get()).isEqualTo(fixture.broker.clusterId());
        assertThat(cluster.nodes().get()).singleElement()
                .satisfies(node -> assertThat(node.port())
                        .isEqualTo(fixture.head.address().getPort()));
        assertThat(cluster.controller().get().id()).isEqualTo(1);
    }

    @Test
    void createdTopicIsDescribedByNameAndId() throws Exception {
        CreateTopicsResult created = admin.createTopics(List.of(
                new NewTopic("t", 3, (short) 1).configs(Map.of("retention.ms", "1000"))));

        assertThat(created.numPartitions("t").get()).isEqualTo(3);
        assertThat(created.config("t").get().get("retention.ms").value()).isEqualTo("1000");
        Uuid id = created.topicId("t").get();
        TopicDescription byName = of(admin.describeTopics(List.of("t")).allTopicNames().get(), "t");
        assertThat(byName.topicId()).isEqualTo(id);
        assertThat(byName.partitions()).hasSize(3);
        assertThat(of(
                admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds().get(),
                id).name()).isEqualTo("t");
        assertThat(admin.listTopics().names().get()).containsExactly("t");
    }

    @Test
    void refusesTopicsAsKafkaDoes() {
        create(new NewTopic("taken", 1, (short) 1));

        refused(TopicExistsException.class, () -> create(new NewTopic("taken", 1, (short) 1)));
        refused(TopicExistsException.class, () -> create(new NewTopic("taken", 0, (short) 1)));
        refused(TopicExistsException.class,
                () -> create(new NewTopic("__consumer_offsets", 1, (short) 1)));
        refused(InvalidRequestException.class,
                () -> create(new NewTopic("__cluster_metadata", 1, (short) 1)));
        refused(InvalidTopicException.class, () -> create(new NewTopic("a b", 1, (short) 1)));
        refused(InvalidPartitionsException.class, () -> create(new NewTopic("x", 0, (short) 1)));
        refused(InvalidReplicationFactorException.class,
                () -> create(new NewTopic("x", 1, (short) 2)));
        refused(InvalidReplicaAssignmentException.class,
                () -> create(new NewTopic("x", Map.of(0, List.of(7)))));
        refused(InvalidConfigurationException.class, () -> create(
                new NewTopic("x", 1, (short) 1).configs(Map.of("no.such.key", "1"))));
        refused(InvalidConfigurationException.class, () -> create(
                new NewTopic("x", 1, (short) 1).configs(Map.of("retention.ms", "soon"))));
        refused(InvalidConfigurationException.class, () -> create(
                new NewTopic("x", 1, (short) 1).configs(Map.of("remote.storage.enable", "true"))));
    }

    @Test
    void validatingOnlyCreatesNothing() throws Exception {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)),
                new CreateTopicsOptions().validateOnly(true)).all().get();

        assertThat(admin.listTopics().names().get()).isEmpty();
    }

    @Test
    void deletesByNameAndById() throws Exception {
        create(new NewTopic("a", 1, (short) 1));
        CreateTopicsResult b = admin.createTopics(List.of(new NewTopic("b", 1, (short) 1)));
        Uuid id = b.topicId("b").get();

        admin.deleteTopics(List.of("a")).all().get();
        admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();

        assertThat(admin.listTopics().names().get()).isEmpty();
        refused(UnknownTopicOrPartitionException.class,
                () -> admin.deleteTopics(List.of("a")).all().get());
    }

    @Test
    void deletesNothingWhereThatIsDisabled() throws Exception {
        try (HeadFixture other = new HeadFixture(withoutDeletion(), KafkaConfig.defaults())) {
            refused(TopicDeletionDisabledException.class,
                    () -> other.admin().deleteTopics(List.of("no-such-topic")).all().get());
        }
    }

    @Test
    void addsPartitions() throws Exception {
        create(new NewTopic("t", 1, (short) 1));

        admin.createPartitions(Map.of("t", NewPartitions.increaseTo(4))).all().get();

        assertThat(of(admin.describeTopics(List.of("t")).allTopicNames().get(), "t").partitions())
                .hasSize(4);
        refused(InvalidPartitionsException.class, () -> admin
                .createPartitions(Map.of("t", NewPartitions.increaseTo(2))).all().get());
    }

    @Test
    void describesTopicSettingsWithTheirSources() throws Exception {
        create(new NewTopic("t", 1, (short) 1).configs(Map.of("segment.bytes", "2097152")));

        Config config = describe(new ConfigResource(ConfigResource.Type.TOPIC, "t"));

        assertThat(config.get("segment.bytes").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("retention.ms").source())
                .isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        assertThat(config.get("durability").value()).isEqualTo("fsync");
    }

    @Test
    void describesTheBrokersSettings() throws Exception {
        Config config = describe(new ConfigResource(ConfigResource.Type.BROKER, "1"));

        assertThat(config.get("message.max.bytes").value())
                .isEqualTo("" + BrokerConfig.defaults().messageMaxBytes());
        assertThat(config.get("message.max.bytes").isReadOnly()).isFalse();
        assertThat(config.get("num.partitions").isReadOnly()).isTrue();
    }

    @Test
    void changesSettingsOneByOne() throws Exception {
        create(new NewTopic("t", 1, (short) 1).configs(Map.of("retention.ms", "5")));

        alter(List.of(op("retention.ms", "", AlterConfigOp.OpType.DELETE),
                op("max.message.bytes", "77", AlterConfigOp.OpType.SET),
                op("cleanup.policy", "compact", AlterConfigOp.OpType.APPEND)));

        Config config = describe(new ConfigResource(ConfigResource.Type.TOPIC, "t"));
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("max.message.bytes").value()).isEqualTo("77");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete,compact");
        alter(List.of(op("cleanup.policy", "delete", AlterConfigOp.OpType.SUBTRACT)));
        assertThat(describe(new ConfigResource(ConfigResource.Type.TOPIC, "t"))
                .get("cleanup.policy").value()).isEqualTo("compact");
        refused(InvalidConfigurationException.class, () -> alter(
                List.of(op("retention.ms", "1", AlterConfigOp.OpType.APPEND))));
    }

    @Test
    void refusesToChangeTheBrokersSettings() {
        refused(InvalidRequestException.class, () -> admin.incrementalAlterConfigs(
                Map.of(new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        List.of(op("num.partitions", "3", AlterConfigOp.OpType.SET))))
                .all().get());
    }

    @Test
    void deletesRecordsUpToAnOffset() throws Exception {
        create(new NewTopic("t", 1, (short) 1));
        TopicPartition partition = new TopicPartition("t", 0);
        fill(10);

        var deleted = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)));

        assertThat(of(deleted.lowWatermarks(), partition).get().lowWatermark()).isEqualTo(4);
        assertThat(offset(partition, OffsetSpec.earliest())).isEqualTo(4);
        refused(OffsetOutOfRangeException.class, () -> admin
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(99))).all().get());
        create(new NewTopic("c", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        refused(PolicyViolationException.class, () -> admin.deleteRecords(
                Map.of(new TopicPartition("c", 0), RecordsToDelete.beforeOffset(-1))).all().get());
    }

    @Test
    void listsOffsetsByTimeAndEnds() throws Exception {
        create(new NewTopic("t", 1, (short) 1));
        TopicPartition partition = new TopicPartition("t", 0);
        KafkaProducer<String, String> producer = fixture.producer(Map.of());
        long now = System.currentTimeMillis();
        for (int i = 0; i < 5; i++) {
            producer.send(new ProducerRecord<>("t", 0, now - 5000 + i * 1000L, "k", "v")).get();
        }

        assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(5);
        assertThat(offset(partition, OffsetSpec.earliest())).isZero();
        assertThat(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition).get().leaderEpoch()).contains(0);
        assertThat(offset(partition, OffsetSpec.forTimestamp(now - 3500))).isEqualTo(2);
        assertThat(offset(partition, OffsetSpec.maxTimestamp())).isEqualTo(4);
        assertThat(offset(partition, OffsetSpec.forTimestamp(now + 99_999))).isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.latestTiered())).isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.earliestLocal())).isZero();
    }

    @Test
    void showsLogsAndProducers() throws Exception {
        create(new NewTopic("t", 1, (short) 1));
        fill(3);

        var logs = of(admin.describeLogDirs(List.of(1)).allDescriptions().get(), 1).values();
        assertThat(logs).singleElement().satisfies(log -> assertThat(
                of(log.replicaInfos(), new TopicPartition("t", 0)).size()).isPositive());
        TopicPartition partition = new TopicPartition("t", 0);
        assertThat(admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                .activeProducers()).hasSize(1);
    }

    @Test
    void oneNodeNeedsNoElectionOrReassignment() throws Exception {
        create(new NewTopic("t", 1, (short) 1));
        TopicPartition partition = new TopicPartition("t", 0);

        refused(ElectionNotNeededException.class, () -> {
            var result = of(admin.electLeaders(ElectionType.PREFERRED, Set.of(partition))
                    .partitions().get(), partition);
            throw result.orElseThrow();
        });
        admin.alterPartitionReassignments(Map.of(partition,
                Optional.of(new NewPartitionReassignment(List.of(1))))).all().get();
        refused(NoReassignmentInProgressException.class, () -> admin
                .alterPartitionReassignments(Map.of(partition, Optional.empty())).all().get());
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(admin.describeMetadataQuorum().quorumInfo().get().leaderId()).isEqualTo(1);
        assertThat(admin.listConfigResources().all().get())
                .contains(new ConfigResource(ConfigResource.Type.TOPIC, "t"));
    }

    private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return of(admin.listOffsets(Map.of(partition, spec)).all().get(), partition).offset();
    }

    private void fill(int records) throws Exception {
        KafkaProducer<String, String> producer = fixture.producer(Map.of());
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>("t", "k" + i, "v")).get();
        }
    }

    private static BrokerConfig withoutDeletion() throws ReflectiveOperationException {
        RecordComponent[] components = BrokerConfig.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals("deleteTopics")
                    ? (Object) false
                    : components[i].getAccessor().invoke(BrokerConfig.defaults());
        }
        return BrokerConfig.class.getDeclaredConstructor(types).newInstance(values);
    }

    private void create(NewTopic topic) {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Config describe(ConfigResource resource) throws Exception {
        return of(admin.describeConfigs(List.of(resource)).all().get(), resource);
    }

    private void alter(Collection<AlterConfigOp> operations) throws Exception {
        admin.incrementalAlterConfigs(
                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, "t"), operations)).all().get();
    }

    private static AlterConfigOp op(String name, String value, AlterConfigOp.OpType type) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key));
    }

    private static void refused(Class<? extends Exception> error, ThrowingCallable call) {
        assertThatThrownBy(call).satisfiesAnyOf(
                failure -> assertThat(failure).isInstanceOf(error),
                failure -> assertThat(failure).hasCauseInstanceOf(error));
    }
}
