package io.taffrail.cli.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects settings from several sources; each source overrides earlier ones, and unknown keys are
 * refused. Problems are collected and reported by {@link #read}. Not thread-safe.
 */
public final class ConfigSources {

    /**
     * Variables with the prefix that are not settings; used by the launcher and client commands.
     */
    private static final Set<String> OTHER_VARIABLES = Set.of("TAFFRAIL_BOOTSTRAP",
            "TAFFRAIL_OPTS", "TAFFRAIL_AOT", "TAFFRAIL_HOME", "TAFFRAIL_PASSWORD");

    /** Text of a value, the name it was given under, and its source as named in error messages. */
    private record Setting(String text, String name, String origin) {}

    private final KeyCatalog catalog;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    public ConfigSources(KeyCatalog catalog) {
        this.catalog = catalog;
    }

    /** Adds a file of {@code key = value} lines in Java properties syntax, UTF-8. */
    public ConfigSources file(Path file) {
        Map<String, String> found = new TreeMap<>();
        Properties lines = new Properties() {
            private static final long serialVersionUID = 1;

            @Override
            public synchronized Object put(Object key, Object value) {
                if (found.put((String) key, (String) value) != null) {
                    problems.add(key + " is set twice in " + file);
                }
                return value;
            }
        };
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (NoSuchFileException e) {
            problems.add("no configuration file " + file);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("configuration file " + file + " cannot be read: " + e.getMessage());
        }
        found.forEach((key, text) -> set(key, text, file.toString()));
        found.keySet().stream()
                .filter(key -> catalog.find(key).filter(ConfigKey::secret).isPresent())
                .findFirst().ifPresent(key -> checkReaders(file, key));
        return this;
    }

    /** Warns if other users of the machine can read a file that holds a secret. */
    private void checkReaders(Path file, String key) {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            warnings.add("the permissions of " + file + ", which sets " + key
                    + ", cannot be read: " + e);
            return;
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.GROUP_READ)) {
            warnings.add(file + " sets " + key
                    + " and can be read by other users of this machine (chmod 600 it)");
        }
    }

    /** Sources of secrets that other users of the machine can read; unmodifiable. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Adds environment variables that begin with {@code TAFFRAIL_}. */
    public ConfigSources environment(Map<String, String> environment) {
        Map<String, String> names = catalog.variables();
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (!variable.startsWith(ConfigKey.PREFIX) || OTHER_VARIABLES.contains(variable)) {
                return;
            }
            String name = name(variable, names);
            if (!name.isEmpty()) {
                set(name, text, "environment variable " + variable);
            } else {
                problems.add("environment variable " + variable + " is no setting"
                        + hint(Nearest.to(variable, List.copyOf(names.keySet()))));
            }
        });
        return this;
    }

    /** Key that a variable sets, possibly with a unit as in Kafka's keys; empty if unknown. */
    private static String name(String variable, Map<String, String> names) {
        String name = names.get(variable);
        if (name != null) {
            return name;
        }
        int unit = variable.lastIndexOf('_');
        String base = names.get(variable.substring(0, unit));
        return base == null
                ? ""
                : base + "." + variable.substring(unit + 1).toLowerCase(Locale.ROOT);
    }

    /** Adds a {@code key=value} assignment, as given to {@code --set}. Secret keys are refused. */
    public ConfigSources assignment(String text, String origin) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            problems.add(origin + " " + text + ": expected KEY=VALUE");
            return this;
        }
        String key = text.substring(0, equals).strip();
        Optional<ConfigKey> secret = catalog.find(key).filter(ConfigKey::secret);
        if (secret.isPresent()) {
            problems.add(key + " is not taken on the command line, where other processes and the"
                    + " shell's history see it; put it into the file of --config, or into the"
                    + " environment variable " + secret.get().variable());
            return this;
        }
        return set(key, text.substring(equals + 1), origin);
    }

    /** Adds one value; {@code origin} names its source in error messages. */
    public ConfigSources set(String key, String text, String origin) {
        Optional<ConfigKey> replacement = catalog.findRetired(key);
        if (replacement.isPresent()) {
            problems.add(key + " (" + origin + ") is retired; use " + replacement.get().name());
        } else if (catalog.find(key).isEmpty()) {
            setByAnotherName(key, text, origin);
        } else {
            put(key, new Setting(text, key, origin));
        }
        return this;
    }

    private void setByAnotherName(String name, String text, String origin) {
        Optional<KafkaAliases.Setting> known;
        try {
            known = KafkaAliases.find(catalog, name, text);
        } catch (IllegalArgumentException e) {
            problems.add(name + " (" + origin + "): " + e.getMessage());
            return;
        }
        if (known.isPresent()) {
            put(known.get().key().name(), new Setting(known.get().text(), name, origin));
        } else {
            problems.add(KafkaKeys.advice(name)
                    .map(advice -> name + " (" + origin + ") is a key of Kafka's: " + advice)
                    .orElseGet(() -> "unknown key " + name + " (" + origin + ")"
                            + hint(catalog.nearest(name))));
        }
    }

    private void put(String key, Setting setting) {
        Setting before = settings.put(key, setting);
        if (before != null && before.origin.equals(setting.origin)
                && !before.name.equals(setting.name)) {
            problems.add(before.name + " and " + setting.name + " (" + setting.origin
                    + ") are the same setting");
        }
    }

    /**
     * Parses all values; keys that were not set get their defaults.
     *
     * @throws ConfigException
     *             with all problems found
     */
    public Config read() {
        List<String> wrong = new ArrayList<>(problems);
        Map<String, Object> values = new LinkedHashMap<>();
        List<Config.InForce> inForce = new ArrayList<>();
        for (ConfigKey key : catalog.keys()) {
            Setting setting = settings.get(key.name());
            if (setting == null && key.required()) {
                wrong.add(key.name() + " must be set: " + key.doc());
                continue;
            }
            String text = setting == null ? key.byDefault() : setting.text;
            String origin = setting == null ? Config.DEFAULT : setting.origin;
            inForce.add(new Config.InForce(key.name(), key.secret() ? "" : text.strip(), origin));
            try {
                values.put(key.name(), key.form().parser().parse(text));
            } catch (IllegalArgumentException e) {
                String shown = key.secret() ? "the value" : "'" + text.strip() + "'";
                String name = setting == null ? key.name() : setting.name;
                wrong.add(name + " (" + origin + "): " + shown + " is not "
                        + key.form().expected());
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigException(wrong);
        }
        return new Config(values, inForce);
    }

    private static String hint(Optional<String> nearest) {
        return nearest.map(name -> "; did you mean " + name + "?").orElse("; `taffrail config`"
                + " lists all keys");
    }
}
