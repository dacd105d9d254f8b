package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.topic.TopicDefaults.Scope;
import io.taffrail.kafka.configs.ConfigEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupConfigsTest {

    private static final String INTERVAL = "consumer.heartbeat.interval.ms";

    private final GroupsFixture fixture = new GroupsFixture(
            Map.of("offsets.topic.num.partitions", "4"));

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletionStage<?> alter(UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        return fixture.groups().configs().alter("g", change, validateOnly);
    }

    private List<String> groups() {
        return fixture.groups().configs().names();
    }

    private static UnaryOperator<Map<String, String>> set(String name, String value) {
        return overrides -> {
            overrides.put(name, value);
            return overrides;
        };
    }

    @Test
    void settingReachesMembersAndSurvivesRestart() throws Exception {
        fixture.topic("t", 1);
        GroupClient client = new GroupClient(fixture, "g");
        client.find();

        alter(set(INTERVAL, "7000"), false).toCompletableFuture().get();
        assertThat(join(client, "m1")).isEqualTo(7000);

        fixture.restart();
        client.find();
        assertThat(join(client, "m2")).isEqualTo(7000);
        assertThat(groups()).containsExactly("g");

        alter(_ -> Map.of(), false).toCompletableFuture().get();
        assertThat(join(client, "m3")).isEqualTo(5000);
        assertThat(groups()).isEmpty();
    }

    private static int join(GroupClient client, String member) throws Exception {
        return client.beat(client.heartbeat(member, 0).setRebalanceTimeoutMs(1000)
                .setSubscribedTopicNames(List.of("t")).setTopicPartitions(List.of()))
                .heartbeatIntervalMs();
    }

    @Test
    void describeGivesDefaultsAndWhatIsSet() throws Exception {
        alter(set(INTERVAL, "7000"), false).toCompletableFuture().get();

        assertThat(fixture.groups().configs().describe("g"))
                .filteredOn(entry -> entry.source() == ConfigSource.GROUP_CONFIG).singleElement()
                .satisfies(entry -> {
                    assertThat(entry.name()).isEqualTo(INTERVAL);
                    assertThat(entry.value()).isEqualTo("7000");
                    assertThat(entry.type()).isEqualTo(ConfigType.INT);
                    assertThat(entry.synonyms()).last().isEqualTo(new ConfigEntry.Synonym(
                            "group.consumer.heartbeat.interval.ms", "5000",
                            ConfigSource.DEFAULT_CONFIG));
                });
        assertThat(fixture.groups().configs().describe("other"))
                .allMatch(entry -> entry.source() == ConfigSource.DEFAULT_CONFIG)
                .extracting(ConfigEntry::name)
                .contains("consumer.session.timeout.ms", "consumer.assignor.offload.enable");
    }

    @Test
    void impossibleSettingsAreRefusedWithAReason() {
        for (var change : List.of(set(INTERVAL, "x"), set(INTERVAL, "1"), set("nonsense", "1"),
                set("share.session.timeout.ms", "45000"))) {
            assertThatThrownBy(() -> alter(change, false).toCompletableFuture().join())
                    .hasCauseInstanceOf(InvalidConfigurationException.class);
        }
        assertThat(groups()).isEmpty();
    }

    @Test
    void memoryOfSettingsIsBounded() throws Exception {
        GroupConfigs few = new GroupConfigs(fixture.broker().engine().metaStore(),
                GroupSettings.defaults(), fixture.broker().topics()::defaults, 100_000);
        int groups = 0;
        CompletableFuture<Void> last = few.alter("g0", false, set(INTERVAL, "7000"));
        while (!last.isCompletedExceptionally()) {
            last.get();
            assertThat(++groups).isLessThan(100);
            last = few.alter("g" + groups, false, set(INTERVAL, "7000"));
        }
        assertThat(groups).isGreaterThan(10);
        assertThatThrownBy(last::join).hasCauseInstanceOf(PolicyViolationException.class);
        few.alter("g0", false, set(INTERVAL, "8000")).get();
        few.alter("g0", false, _ -> Map.of()).get();
        few.alter("another", false, set(INTERVAL, "7000")).get();
    }

    @Test
    void validationChangesNothing() throws Exception {
        alter(set(INTERVAL, "7000"), true).toCompletableFuture().get();

        assertThat(groups()).isEmpty();
    }

    @Test
    void groupsFollowWhatIsSetForTheBrokerWhileItRuns() {
        alterBroker(Map.of("group.consumer.assignment.interval.ms", "1500"));

        assertThat(fixture.groups().configs().describe("g"))
                .filteredOn(entry -> entry.name().equals("consumer.assignment.interval.ms"))
                .singleElement().satisfies(entry -> assertThat(entry.synonyms()).containsExactly(
                        new ConfigEntry.Synonym("group.consumer.assignment.interval.ms", "1500",
                                ConfigSource.DYNAMIC_BROKER_CONFIG),
                        new ConfigEntry.Synonym("group.consumer.assignment.interval.ms", "1000",
                                ConfigSource.DEFAULT_CONFIG)));
    }

    @Test
    void coordinatorReadsWhatIsSetForTheBrokerWhileItRuns() {
        GroupConfigs configs = new GroupConfigs(fixture.broker().engine().metaStore(),
                GroupSettings.defaults(), fixture.broker().topics()::defaults, Long.MAX_VALUE);
        GroupCoordinatorConfig coordinator = configs.coordinatorConfig();
        assertThat(coordinator.consumerGroupAssignmentIntervalMs()).isEqualTo(1000);
        assertThat(coordinator.consumerGroupAssignorOffloadEnable()).isTrue();

        alterBroker(Map.of("group.consumer.assignment.interval.ms", "99000",
                "group.consumer.assignor.offload.enable", "false"));

        assertThat(coordinator.consumerGroupAssignmentIntervalMs())
                .as("what is out of bounds counts as the bound").isEqualTo(15_000);
        assertThat(coordinator.consumerGroupAssignorOffloadEnable()).isFalse();
    }

    private void alterBroker(Map<String, String> values) {
        assertThat(fixture.broker().topics().alterDefaults(Scope.THIS_NODE, _ -> values).join())
                .isEmpty();
    }
}
