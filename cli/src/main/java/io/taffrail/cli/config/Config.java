package io.taffrail.cli.config;

import io.taffrail.log.config.Key;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values for all keys of a catalog; creates configuration records from them. Immutable. */
public final class Config {

    private final Map<String, Object> values;

    Config(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Creates a record from the values of its components' keys.
     *
     * @throws ConfigException
     *             if the record rejects the combination of values
     */
    public <R extends Record> R get(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Object[] arguments = Arrays.stream(components).map(this::value).toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.trySetAccessible();
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new ConfigException(List.of("configuration: " + refused.getMessage()));
            }
            throw new IllegalStateException(type + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private Object value(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            return get(component.getType().asSubclass(Record.class));
        }
        Object value = values.get(key.value());
        if (value == null) {
            throw new IllegalStateException(key.value() + " is not in the catalog");
        }
        return value;
    }
}
