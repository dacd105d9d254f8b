package io.taffrail.cli.config;

import io.taffrail.log.config.Key;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values for all keys of a catalog; creates configuration records from them. Immutable. */
public final class Config {

    /**
     * A setting in force.
     *
     * @param value
     *            as a user would write it; empty for a secret
     * @param origin
     *            the source that has set it, such as a file's path; {@code default} if none has
     */
    public record InForce(String name, String value, String origin) {

        /** True if a source has set it. */
        public boolean isSet() {
            return !origin.equals(DEFAULT);
        }
    }

    static final String DEFAULT = "default";

    private final Map<String, Object> values;
    private final List<InForce> inForce;

    Config(Map<String, Object> values, List<InForce> inForce) {
        this.values = values;
        this.inForce = List.copyOf(inForce);
    }

    /** All settings in force, in order of declaration; unmodifiable. */
    public List<InForce> inForce() {
        return inForce;
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
