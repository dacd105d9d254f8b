package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups as reported to Kafka's admin client and the tools that use it. */
@Timeout(120)
class AdminTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final ServerFixture server = new ServerFixture(
            Map.of("group.initial.rebalance.delay.ms", "0"));

    @BeforeEach
    void topics() throws Exception {
        admin().createTopics(
                List.of(new NewTopic("t", 2, (short) 1), new NewTopic("u", 1, (short) 1))).all()
                .get();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Admin admin() {
        return server.admin();
    }

    private KafkaConsumer<String, String> member(String protocol) {
        Map<String, Object> config = new HashMap<>(server.clientConfig());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config);
        consumer.subscribe(List.of("t"));
        while (consumer.assignment().size() != 2) {
            consumer.poll(Duration.ofMillis(50));
        }
        return consumer;
    }

    private ConsumerGroupDescription describe() throws Exception {
        return admin()
                .describeConsumerGroups(List.of("g"),
                        new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                .all().get().values().iterator().next();
    }

    private void commit(String group, TopicPartition partition, long offset) throws Exception {
        admin().alterConsumerGroupOffsets(group,
                Map.of(partition, new OffsetAndMetadata(offset, "note"))).all().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupIsListedAndDescribed(String protocol) throws Exception {
        try (var _ = member(protocol)) {
            GroupType type = GroupType.parse(protocol);
            assertThat(admin().listGroups(ListGroupsOptions.forConsumerGroups()
                    .inGroupStates(Set.of(GroupState.STABLE)).withTypes(Set.of(type))).all().get())
                    .extracting(GroupListing::groupId).containsExactly("g");

            ConsumerGroupDescription group = describe();

            assertThat(group.type()).isEqualTo(type);
            assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(group.coordinator().port()).isEqualTo(server.port());
            assertThat(group.authorizedOperations()).contains(AclOperation.READ,
                    AclOperation.DELETE, AclOperation.DESCRIBE);
            assertThat(group.members()).singleElement()
                    .satisfies(member -> assertThat(member.assignment().topicPartitions())
                            .containsExactlyInAnyOrder(T0, new TopicPartition("t", 1)));
        }
    }

    @Test
    void offsetsAreSetListedAndDeleted() throws Exception {
        commit("g", T0, 5);
        commit("g", new TopicPartition("u", 0), 6);
        assertThat(admin().listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata().get())
                .containsOnly(Map.entry(T0, new OffsetAndMetadata(5, "note")),
                        Map.entry(new TopicPartition("u", 0), new OffsetAndMetadata(6, "note")));

        admin().deleteConsumerGroupOffsets("g", Set.of(T0)).all().get();

        assertThat(admin().listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata().get())
                .containsOnlyKeys(new TopicPartition("u", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupWithMembersIsNotDeleted(String protocol) throws Exception {
        try (var member = member(protocol)) {
            member.commitSync(Map.of(T0, new OffsetAndMetadata(1)));
            assertThatThrownBy(() -> admin().deleteConsumerGroups(List.of("g")).all().get())
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            assertThatThrownBy(
                    () -> admin().deleteConsumerGroupOffsets("g", Set.of(T0)).all().get())
                    .hasRootCauseInstanceOf(GroupSubscribedToTopicException.class);
        }

        admin().deleteConsumerGroups(List.of("g")).all().get();
        assertThat(admin().listGroups().all().get()).isEmpty();
    }

    @Test
    void membersAreRemovedByTheAdmin() throws Exception {
        try (var _ = member("classic")) {
            admin().removeMembersFromConsumerGroup("g",
                    new RemoveMembersFromConsumerGroupOptions()).all().get();

            assertThat(describe().groupState()).isEqualTo(GroupState.EMPTY);
        }
    }

    @Test
    void groupThatIsNotThereIsSaidToBeMissing() {
        assertThatThrownBy(
                () -> admin().describeConsumerGroups(List.of("none")).all().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(GroupIdNotFoundException.class);
    }

    @Test
    void settingsOfAGroupAreSetDescribedAndListed() throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");
        String name = "consumer.heartbeat.interval.ms";

        admin().incrementalAlterConfigs(Map.of(group,
                List.of(new AlterConfigOp(new ConfigEntry(name, "7000"), OpType.SET)))).all()
                .get();

        assertThat(admin().describeConfigs(List.of(group)).all().get().values()).singleElement()
                .satisfies(config -> assertThat(config.get(name)).satisfies(entry -> {
                    assertThat(entry.value()).isEqualTo("7000");
                    assertThat(entry.source())
                            .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
                }));
        assertThat(admin().listConfigResources(Set.of(ConfigResource.Type.GROUP),
                new ListConfigResourcesOptions()).all().get()).containsExactly(group);
        assertThatThrownBy(() -> admin().incrementalAlterConfigs(Map.of(group,
                List.of(new AlterConfigOp(new ConfigEntry("share.session.timeout.ms", "45000"),
                        OpType.SET))))
                .all().get())
                .hasCauseInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void groupVersionIsAFinalizedFeature() throws Exception {
        assertThat(admin().describeFeatures().featureMetadata().get().finalizedFeatures())
                .containsOnlyKeys("group.version", "transaction.version");
    }

    @Test
    void offsetsTopicIsInternal() throws Exception {
        commit("g", T0, 5);

        assertThat(admin().listTopics().names().get()).doesNotContain("__consumer_offsets");
        assertThat(admin().describeTopics(List.of("__consumer_offsets")).allTopicNames().get()
                .values()).singleElement().matches(TopicDescription::isInternal);
    }
}
