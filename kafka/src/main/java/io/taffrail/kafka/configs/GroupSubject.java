package io.taffrail.kafka.configs;

import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import io.taffrail.kafka.groups.GroupConfigs;
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

/** Settings of single groups. */
public record GroupSubject(GroupConfigs groups) implements ConfigSubject {

    @Override
    public ConfigResource.Type type() {
        return ConfigResource.Type.GROUP;
    }

    @Override
    public List<String> names() {
        return List.copyOf(groups.groupIds());
    }

    @Override
    public List<ConfigEntry> describe(String name) {
        requireName(name);
        return groups.describe(name).stream().map(GroupSubject::entry).toList();
    }

    @Override
    public String inheritedList(String setting) {
        throw new InvalidConfigurationException("Can't APPEND or SUBTRACT to key " + setting
                + " because its type is not LIST.");
    }

    @Override
    public CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        requireName(name);
        return groups.alter(name, validateOnly, change);
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequestException("Default group resources are not allowed.");
        }
    }

    private static ConfigEntry entry(GroupConfigs.Setting setting) {
        List<Synonym> synonyms = new ArrayList<>(2);
        if (setting.overridden()) {
            synonyms.add(new Synonym(setting.name(), setting.value(), ConfigSource.GROUP_CONFIG));
        }
        synonyms.add(new Synonym(setting.brokerKey(), setting.brokerValue(),
                ConfigSource.DEFAULT_CONFIG));
        return new ConfigEntry(setting.name(), setting.value(), synonyms.getFirst().source(), false,
                type(setting.type()), setting.documentation(), synonyms);
    }

    private static ConfigType type(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case SHORT -> ConfigType.SHORT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
            case CLASS -> ConfigType.CLASS;
            case PASSWORD -> ConfigType.PASSWORD;
        };
    }
}
