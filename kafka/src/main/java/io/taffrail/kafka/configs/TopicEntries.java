package io.taffrail.kafka.configs;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.TopicConfig;
import io.taffrail.broker.topic.TopicSetting;
import io.taffrail.broker.topic.TopicSettings;
import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/** The settings of a topic: its own, and the broker's where it has none. */
public final class TopicEntries {

    private static final BrokerConfig DEFAULTS = BrokerConfig.defaults();

    private TopicEntries() {}

    public static List<ConfigEntry> of(TopicConfig topic, BrokerConfig broker) {
        return of(topic.overrides(), broker);
    }

    /** As they would be with these overrides. */
    public static List<ConfigEntry> of(Map<String, String> overrides, BrokerConfig broker) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (TopicSetting setting : TopicSettings.all()) {
            if (!setting.hidden() || overrides.containsKey(setting.name())) {
                entries.add(entry(setting, overrides.get(setting.name()), broker));
            }
        }
        return entries;
    }

    private static ConfigEntry entry(TopicSetting setting,
            @Nullable String override, BrokerConfig broker) {
        List<Synonym> synonyms = new ArrayList<>(3);
        if (override != null) {
            synonyms.add(new Synonym(setting.name(), override, ConfigSource.TOPIC_CONFIG));
        }
        String inherited = setting.inherited().apply(broker);
        String byDefault = setting.inherited().apply(DEFAULTS);
        String brokerKey = setting.brokerKeys().isEmpty()
                ? setting.name()
                : setting.brokerKeys().getFirst();
        if (!inherited.equals(byDefault)) {
            synonyms.add(new Synonym(brokerKey, inherited, ConfigSource.STATIC_BROKER_CONFIG));
        }
        synonyms.add(new Synonym(brokerKey, byDefault, ConfigSource.DEFAULT_CONFIG));
        Synonym effective = synonyms.getFirst();
        return new ConfigEntry(setting.name(), effective.value(), effective.source(), false,
                type(setting.kind()), setting.doc(), synonyms);
    }

    private static ConfigType type(TopicSetting.Kind kind) {
        return switch (kind) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
        };
    }
}
