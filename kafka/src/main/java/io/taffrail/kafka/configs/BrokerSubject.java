package io.taffrail.kafka.configs;

import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Settings of this broker, which are read at start and do not change while it runs. To remove what
 * was set while it runs is allowed, as nothing was; some tools do so when they clean up.
 *
 * @param settings
 *            configuration records, whose components carry {@link Key}
 */
public record BrokerSubject(int nodeId, List<Record> settings) implements ConfigSubject {

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
        if (name.isEmpty()) {
            return List.of();
        }
        requireThisNode(name);
        List<ConfigEntry> entries = new ArrayList<>();
        for (Record record : settings) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Key key = component.getAnnotation(Key.class);
                if (key != null) {
                    entries.add(entry(key, component, value(record, component)));
                }
            }
        }
        return entries;
    }

    @Override
    public String inheritedList(String setting) {
        throw readOnly();
    }

    @Override
    public CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly) {
        if (!name.isEmpty()) {
            requireThisNode(name);
        }
        if (!change.apply(new HashMap<>()).isEmpty()) {
            throw readOnly();
        }
        return CompletableFuture.completedFuture(null);
    }

    private static InvalidRequestException readOnly() {
        return new InvalidRequestException("Settings of the broker cannot be changed while it runs;"
                + " change its configuration and start it again.");
    }

    private void requireThisNode(String name) {
        if (!name.equals(Integer.toString(nodeId))) {
            throw new InvalidRequestException("Unexpected broker id, expected " + nodeId
                    + " or empty string, but received " + name);
        }
    }

    private static ConfigEntry entry(Key key, RecordComponent component, String value) {
        ConfigSource source = value.equals(key.byDefault())
                ? ConfigSource.DEFAULT_CONFIG
                : ConfigSource.STATIC_BROKER_CONFIG;
        return new ConfigEntry(key.value(), value, source, true, type(component.getType()),
                key.doc(), List.of(new ConfigEntry.Synonym(key.value(), value, source)));
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
