package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.junit.jupiter.api.Test;

class GroupSettingsTest {

    @Test
    void defaultsAreKafkasButForTheThreads() {
        Map<String, Object> ours = GroupSettings.defaults().byKey();
        Map<String, Object> kafkas = GroupCoordinatorConfig.CONFIG_DEF.parse(Map.of());

        ours.forEach((key, value) -> {
            if (!key.endsWith(".threads")) {
                String kafkasText = kafkas.get(key) instanceof List<?> list
                        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                        : String.valueOf(kafkas.get(key));
                assertThat(String.valueOf(value)).as(key).isEqualToIgnoringCase(kafkasText);
            }
        });
    }

    @Test
    void impossibleSettingStopsTheStart() {
        assertThatThrownBy(() -> GroupConfigs.check(GroupSettings.of(Map.of(
                "group.consumer.session.timeout.ms", "1000")))).isInstanceOf(
                        IllegalArgumentException.class)
                .hasMessageContaining("group.consumer.session.timeout.ms");
        assertThatThrownBy(() -> GroupConfigs.check(
                GroupSettings.of(Map.of("group.consumer.assignors", "none")))).isInstanceOf(
                        IllegalArgumentException.class);
        assertThatThrownBy(() -> GroupSettings.of(Map.of("group.nonsense", "1")))
                .hasMessageContaining("group.nonsense");
    }
}
