package io.taffrail.kafka.configs;

import io.taffrail.broker.topic.TopicDefaults;
import io.taffrail.broker.topic.TopicDefaults.Scope;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.TopicSetting;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.configs.ConfigEntry.Synonym;
import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Settings of this broker, which are read at start. The defaults of topics, and a few other
 * settings, are also dynamic: they can be set for this node or, under the empty name, for every
 * node (KIP-226).
 *
 * @param settings
 *            configuration records, whose components carry {@link Key}
 * @param kafkas
 *            read-only entries under Kafka's names for settings that this broker does not have
 * @param alsoChecks
 *            throws an {@link org.apache.kafka.common.errors.ApiException} if valid values are
 *            inconsistent with other settings
 */
public record BrokerSubject(int nodeId, List<Record> settings, List<ConfigEntry> kafkas,
        Topics topics, Consumer<Map<String, String>> alsoChecks) implements ConfigSubject {

    @Override
    public ConfigResource.Type type() {
        return ConfigResource.Type.BROKER;
    }

    @Override
    public List<String> names() {
        return List.of(Integer.toString(nodeId));
    }

    @Override
    public List<ConfigEntry> describe(String name) {
        TopicDefaults defaults = topics.defaults();
        if (name.isEmpty()) {
            return defaults.everyNode().entrySet().stream().sorted(Map.Entry.comparingByKey())
                    .map(set -> changeable(set.getKey(), "", List.of(new Synonym(set.getKey(),
                            set.getValue(), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG))))
                    .toList();
        }
        requireThisNode(name);
        List<ConfigEntry> entries = new ArrayList<>();
        for (Record record : settings) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Key key = component.getAnnotation(Key.class);
                if (key != null) {
                    entries.add(entry(key, component, value(record, component), defaults));
                }
            }
        }
        entries.addAll(kafkas);
        Stream.of(defaults.everyNode(), defaults.thisNode()).flatMap(set -> set.keySet().stream())
                .filter(TopicDefaults::isThrottle).distinct().sorted()
                .forEach(key -> entries.add(changeable(key, "One node copies nothing that could be"
                        + " slowed down.", set(key, defaults))));
        return entries;
    }

    @Override
    public String inheritedList(String setting) {
        TopicSetting known = TopicDefaults.changeable(setting)
                .orElseThrow(() -> fixed(setting));
        if (known.kind() != TopicSetting.Kind.LIST) {
            throw new InvalidConfigurationException("Can't APPEND or SUBTRACT to key " + setting
                    + " because its type is not LIST.");
        }
        return topics.defaults().inherited(known);
    }

    @Override
    public CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        if (!name.isEmpty()) {
            requireThisNode(name);
        }
        Scope scope = name.isEmpty() ? Scope.EVERY_NODE : Scope.THIS_NODE;
        Map<String, String> wanted = change.apply(topics.defaults().of(scope));
        require(topics.checkDefaults(scope, wanted));
        alsoChecks.accept(wanted);
        if (validateOnly) {
            return CompletableFuture.completedFuture(null);
        }
        return topics.alterDefaults(scope, change).thenAccept(BrokerSubject::require);
    }

    private static void require(Optional<TopicOutcome.Refused> refused) {
        refused.ifPresent(reason -> {
            throw new InvalidRequestException(reason.detail());
        });
    }

    private static InvalidRequestException fixed(String setting) {
        return new InvalidRequestException(
                "Cannot update these configs dynamically: [" + setting + "]");
    }

    private void requireThisNode(String name) {
        if (!name.equals(Integer.toString(nodeId))) {
            throw new InvalidRequestException("Unexpected broker id, expected " + nodeId
                    + " or empty string, but received " + name);
        }
    }

    private static ConfigEntry entry(Key key, RecordComponent component, String configured,
            TopicDefaults defaults) {
        boolean readOnly = !TopicDefaults.isChangeable(key.value());
        List<Synonym> synonyms = new ArrayList<>(readOnly ? List.of() : set(key.value(), defaults));
        if (synonyms.isEmpty() || !configured.isEmpty()) {
            synonyms.add(new Synonym(key.value(), configured, configured.equals(key.byDefault())
                    ? ConfigSource.DEFAULT_CONFIG
                    : ConfigSource.STATIC_BROKER_CONFIG));
        }
        Synonym effective = synonyms.getFirst();
        return new ConfigEntry(key.value(), effective.value(), effective.source(), readOnly,
                type(component.getType()), key.doc(), synonyms);
    }

    /** Type of a setting. Throttles are in no configuration record; they are numbers. */
    private ConfigType typeOf(String key) {
        return TopicDefaults.changeable(key).map(setting -> TopicEntries.type(setting.kind()))
                .or(() -> settings.stream()
                        .flatMap(record -> Stream.of(record.getClass().getRecordComponents()))
                        .filter(component -> isNamed(component, key)).findAny()
                        .map(component -> type(component.getType())))
                .orElse(ConfigType.LONG);
    }

    private static boolean isNamed(RecordComponent component, String key) {
        Key annotation = component.getAnnotation(Key.class);
        return annotation != null && annotation.value().equals(key);
    }

    private ConfigEntry changeable(String key, String doc, List<Synonym> synonyms) {
        Synonym effective = synonyms.getFirst();
        return new ConfigEntry(key, effective.value(), effective.source(), false, typeOf(key), doc,
                synonyms);
    }

    /** Dynamic values of a broker setting, the highest precedence first. */
    public static List<Synonym> set(String key, TopicDefaults defaults) {
        List<Synonym> synonyms = new ArrayList<>(2);
        String node = defaults.thisNode().get(key);
        if (node != null) {
            synonyms.add(new Synonym(key, node, ConfigSource.DYNAMIC_BROKER_CONFIG));
        }
        String all = defaults.everyNode().get(key);
        if (all != null) {
            synonyms.add(new Synonym(key, all, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG));
        }
        return synonyms;
    }

    private static String value(Record record, RecordComponent component) {
        Object value;
        try {
            value = component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
        return switch (value) {
            case Optional<?> optional -> optional.map(String::valueOf).orElse("");
            case OptionalLong optional ->
                optional.isPresent() ? Long.toString(optional.getAsLong()) : "";
            case OptionalInt optional ->
                optional.isPresent() ? Integer.toString(optional.getAsInt()) : "";
            case Enum<?> name -> name.name().toLowerCase(Locale.ROOT);
            default -> String.valueOf(value);
        };
    }

    private static ConfigType type(Class<?> type) {
        if (type == boolean.class) {
            return ConfigType.BOOLEAN;
        }
        if (type == int.class || type == OptionalInt.class) {
            return ConfigType.INT;
        }
        if (type == long.class || type == OptionalLong.class) {
            return ConfigType.LONG;
        }
        return type == double.class ? ConfigType.DOUBLE : ConfigType.STRING;
    }
}
