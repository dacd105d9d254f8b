package io.taffrail.kafka.groups;

import io.taffrail.kafka.configs.ConfigEntry;
import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import io.taffrail.kafka.configs.ConfigSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.jspecify.annotations.Nullable;

/** Group settings as configuration requests see them. A group need not exist to have settings. */
record GroupSubject(GroupConfigs configs) implements ConfigSubject {

    @Override
    public ConfigResource.Type type() {
        return ConfigResource.Type.GROUP;
    }

    @Override
    public List<String> names() {
        return List.copyOf(configs.groupIds());
    }

    @Override
    public List<ConfigEntry> describe(String groupId) {
        check(groupId);
        Map<String, String> overrides = configs.overrides(groupId);
        Map<String, Object> broker = configs.settings().byKey();
        Map<String, Object> byDefault = GroupSettings.defaults().byKey();
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigDef.ConfigKey key : GroupConfigs.keys()) {
            String brokerKey = GroupConfig.brokerSynonym(key.name).orElse(key.name);
            List<Synonym> inherited = new ArrayList<>(configs.set(brokerKey));
            String configured = String.valueOf(broker.get(brokerKey));
            String standard = String.valueOf(byDefault.get(brokerKey));
            if (!configured.equals(standard)) {
                inherited.add(
                        new Synonym(brokerKey, configured, ConfigSource.STATIC_BROKER_CONFIG));
            }
            inherited.add(new Synonym(brokerKey, standard, ConfigSource.DEFAULT_CONFIG));
            entries.add(entry(key, overrides.get(key.name), inherited));
        }
        return entries;
    }

    private static ConfigEntry entry(ConfigDef.ConfigKey key, @Nullable String override,
            List<Synonym> inherited) {
        List<Synonym> synonyms = new ArrayList<>(inherited.size() + 1);
        if (override != null) {
            synonyms.add(new Synonym(key.name, override, ConfigSource.GROUP_CONFIG));
        }
        synonyms.addAll(inherited);
        Synonym effective = synonyms.getFirst();
        return new ConfigEntry(key.name, effective.value(), effective.source(), false,
                key.type == ConfigDef.Type.BOOLEAN ? ConfigType.BOOLEAN : ConfigType.INT,
                key.documentation == null ? "" : key.documentation, synonyms);
    }

    @Override
    public String inheritedList(String setting) {
        throw new InvalidConfigurationException(
                "Can't APPEND or SUBTRACT to key " + setting + " because its type is not LIST.");
    }

    @Override
    public CompletionStage<?> alter(String groupId, UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        check(groupId);
        return configs.alter(groupId, validateOnly, change);
    }

    private static void check(String groupId) {
        if (groupId.isEmpty()) {
            throw new InvalidRequestException("Default group resources are not allowed.");
        }
    }
}
