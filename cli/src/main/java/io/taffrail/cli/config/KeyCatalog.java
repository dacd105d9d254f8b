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

/** All keys declared by a set of configuration records, in order of declaration. Immutable. */
public final class KeyCatalog {

    private final Map<String, ConfigKey> keys;
    private final Map<String, ConfigKey> retired;

    private KeyCatalog(Map<String, ConfigKey> keys, Map<String, ConfigKey> retired) {
        this.keys = Collections.unmodifiableMap(keys);
        this.retired = Collections.unmodifiableMap(retired);
    }

    /** Collects the keys of these records and of nested records. */
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

    /** All current keys, in order of declaration; unmodifiable. */
    public Collection<ConfigKey> keys() {
        return keys.values();
    }

    /** Finds a current key; retired names are not found. */
    public Optional<ConfigKey> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** Finds the current key for a retired name. */
    Optional<ConfigKey> findRetired(String name) {
        return Optional.ofNullable(retired.get(name));
    }

    /** Names of all keys, including retired ones, by environment variable. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        retired.keySet().forEach(name -> variables.put(ConfigKey.variable(name), name));
        keys.keySet().forEach(name -> variables.put(ConfigKey.variable(name), name));
        return variables;
    }

    /** Finds the key with the most similar name; empty if none is similar. */
    Optional<String> nearest(String name) {
        return Nearest.to(name, new ArrayList<>(new TreeSet<>(keys.keySet())));
    }
}
