package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.InvalidConfigurationException;
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

    private GroupConfigs configs() {
        return fixture.groups().configs();
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

        configs().alter("g", false, set(INTERVAL, "7000")).get();
        assertThat(join(client, "m1")).isEqualTo(7000);

        fixture.restart();
        client.find();
        assertThat(join(client, "m2")).isEqualTo(7000);
        assertThat(configs().groupIds()).containsExactly("g");
        assertThat(configs().overrides("g")).containsExactly(Map.entry(INTERVAL, "7000"));

        configs().alter("g", false, _ -> Map.of()).get();
        assertThat(join(client, "m3")).isEqualTo(5000);
        assertThat(configs().groupIds()).isEmpty();
    }

    private static int join(GroupClient client, String member) throws Exception {
        return client.beat(client.heartbeat(member, 0).setRebalanceTimeoutMs(1000)
                .setSubscribedTopicNames(List.of("t")).setTopicPartitions(List.of()))
                .heartbeatIntervalMs();
    }

    @Test
    void describeGivesDefaultsAndWhatIsSet() throws Exception {
        configs().alter("g", false, set(INTERVAL, "7000")).get();

        assertThat(configs().describe("g")).filteredOn(GroupConfigs.Setting::overridden)
                .singleElement().satisfies(setting -> {
                    assertThat(setting.name()).isEqualTo(INTERVAL);
                    assertThat(setting.value()).isEqualTo("7000");
                    assertThat(setting.brokerValue()).isEqualTo("5000");
                    assertThat(setting.brokerKey())
                            .isEqualTo("group.consumer.heartbeat.interval.ms");
                });
        assertThat(configs().describe("other"))
                .anySatisfy(setting -> assertThat(setting.name())
                        .isEqualTo("consumer.session.timeout.ms"))
                .noneMatch(GroupConfigs.Setting::overridden);
    }

    @Test
    void impossibleSettingsAreRefusedWithAReason() {
        for (var change : List.of(set(INTERVAL, "x"), set(INTERVAL, "1"), set("nonsense", "1"),
                set("share.session.timeout.ms", "45000"))) {
            assertThatThrownBy(() -> configs().alter("g", false, change).join())
                    .hasCauseInstanceOf(InvalidConfigurationException.class);
        }
        assertThat(configs().groupIds()).isEmpty();
    }

    @Test
    void validationChangesNothing() throws Exception {
        configs().alter("g", true, set(INTERVAL, "7000")).get();

        assertThat(configs().groupIds()).isEmpty();
    }
}
