package io.taffrail.cli.config;

import io.taffrail.log.config.Key;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every key that a set of config records declares, in the order of their declaration. */
public final class KeyCatalog {

    private final Map<String, ConfigKey> keys;
    private final Map<String, ConfigKey> retired;

    private KeyCatalog(Map<String, ConfigKey> keys, Map<String, ConfigKey> retired) {
        this.keys = Collections.unmodifiableMap(keys);
        this.retired = Collections.unmodifiableMap(retired);
    }

    /** The keys of these records, and of records that are components of them. */
    public static KeyCatalog of(List<? extends Class<? extends Record>> records) {
        Map<String, ConfigKey> keys = new LinkedHashMap<>();
        Map<String, ConfigKey> retired = new LinkedHashMap<>();
        records.forEach(type -> collect(type, keys));
        for (ConfigKey key : keys.values()) {
            for (String old : key.retired()) {
                if (keys.containsKey(old) || retired.put(old, key) != null) {
                    throw new IllegalStateException(old + " is retired and in use");
                }
            }
        }
        return new KeyCatalog(keys, retired);
    }

    private static void collect(Class<?> type, Map<String, ConfigKey> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            Key key = component.getAnnotation(Key.class);
            if (key != null) {
                ConfigKey added = ConfigKey.of(key, component);
                if (keys.put(added.name(), added) != null) {
                    throw new IllegalStateException(added.name() + " is declared twice");
                }
            } else if (component.getType().isRecord()) {
                collect(component.getType(), keys);
            } else {
                throw new IllegalStateException(type + "." + component.getName() + " has no @Key");
            }
        }
    }

    public Collection<ConfigKey> keys() {
        return keys.values();
    }

    public Optional<ConfigKey> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** The key that a retired name stands for today. */
    Optional<ConfigKey> findRetired(String name) {
        return Optional.ofNullable(retired.get(name));
    }

    /** All names, retired ones too, by the environment variable that would set them. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        retired.keySet().forEach(name -> variables.put(ConfigKey.variable(name), name));
        keys.keySet().forEach(name -> variables.put(ConfigKey.variable(name), name));
        return variables;
    }

    /** The key whose name is most like this one, where any is like it at all. */
    Optional<String> nearest(String name) {
        return Nearest.to(name, new ArrayList<>(new TreeSet<>(keys.keySet())));
    }
}
