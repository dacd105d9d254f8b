package io.taffrail.kafka.configs;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.DurabilityNames;
import io.taffrail.broker.topic.TopicConfig;
import io.taffrail.broker.topic.TopicDefaults;
import io.taffrail.broker.topic.TopicSetting;
import io.taffrail.broker.topic.TopicSettings;
import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import io.taffrail.log.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/** The settings of a topic, with the broker's values for those that the topic does not set. */
public final class TopicEntries {

    private static final BrokerConfig DEFAULTS = BrokerConfig.defaults();

    private TopicEntries() {}

    /** The settings of a topic as they are now. */
    public static List<ConfigEntry> of(TopicConfig topic, TopicDefaults defaults) {
        return of(topic.overrides(), topic.log().durability(), defaults);
    }

    /** The settings of a topic that has these overrides. */
    public static List<ConfigEntry> of(Map<String, String> overrides, TopicDefaults defaults) {
        return of(overrides,
                DurabilityNames.durability(overrides, defaults.config().durability()), defaults);
    }

    private static List<ConfigEntry> of(Map<String, String> overrides, Durability durability,
            TopicDefaults defaults) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (TopicSetting setting : TopicSettings.all()) {
            if (setting.name().equals(DurabilityNames.DURABILITY)) {
                entries.add(durability(setting, durability));
            } else if (setting.name().equals(DurabilityNames.FLUSH_MESSAGES)) {
                entries.add(flushMessages(setting, overrides, durability));
            } else if (!setting.hidden() || overrides.containsKey(setting.name())) {
                entries.add(entry(setting, overrides.get(setting.name()), defaults));
            }
        }
        return entries;
    }

    /**
     * Entry for the durability. It is always reported as a read-only default: a mirror copies the
     * values that a topic sets itself, and Kafka does not know this name. A value that is set is
     * reported as {@code flush.messages}.
     */
    private static ConfigEntry durability(TopicSetting setting, Durability durability) {
        String value = DurabilityNames.text(durability);
        return new ConfigEntry(setting.name(), value, ConfigSource.DEFAULT_CONFIG, true,
                type(setting.kind()), setting.doc(),
                List.of(new Synonym(setting.name(), value, ConfigSource.DEFAULT_CONFIG)));
    }

    private static ConfigEntry flushMessages(TopicSetting setting, Map<String, String> overrides,
            Durability durability) {
        String value = DurabilityNames.flushMessages(overrides, durability);
        ConfigSource source = DurabilityNames.overridden(overrides)
                ? ConfigSource.TOPIC_CONFIG
                : ConfigSource.DEFAULT_CONFIG;
        return new ConfigEntry(setting.name(), value, source, false, type(setting.kind()),
                setting.doc(), List.of(new Synonym(setting.name(), value, source)));
    }

    private static ConfigEntry entry(TopicSetting setting,
            @Nullable String override, TopicDefaults defaults) {
        List<Synonym> synonyms = new ArrayList<>(4);
        if (override != null) {
            synonyms.add(new Synonym(setting.name(), override, ConfigSource.TOPIC_CONFIG));
        }
        String configured = setting.inherited().apply(defaults.config());
        String byDefault = setting.inherited().apply(DEFAULTS);
        if (!setting.brokerKeys().isEmpty()) {
            String brokerKey = setting.brokerKeys().getFirst();
            synonyms.addAll(BrokerSubject.set(brokerKey, defaults));
            if (!configured.equals(byDefault)) {
                synonyms.add(new Synonym(brokerKey, configured, ConfigSource.STATIC_BROKER_CONFIG));
            }
            synonyms.add(new Synonym(brokerKey, byDefault, ConfigSource.DEFAULT_CONFIG));
        }
        Synonym effective = synonyms.isEmpty()
                ? new Synonym(setting.name(), byDefault, ConfigSource.DEFAULT_CONFIG)
                : synonyms.getFirst();
        return new ConfigEntry(setting.name(), effective.value(), effective.source(), false,
                type(setting.kind()), setting.doc(), synonyms);
    }

    static ConfigType type(TopicSetting.Kind kind) {
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
