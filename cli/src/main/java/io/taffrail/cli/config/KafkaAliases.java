package io.taffrail.cli.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Kafka's names for settings that have another name here, so that a {@code server.properties} is
 * read as it is: a name with its unit at the end ({@code log.cleaner.backoff.ms = 15000}) and a few
 * others. The values are Kafka's, too.
 */
final class KafkaAliases {

    /**
     * A setting under its name here.
     *
     * @param text
     *            the value in the form the key takes
     */
    record Setting(ConfigKey key, String text) {}

    /** Name here, and how Kafka's value is written here. */
    private record Alias(String name, UnaryOperator<String> value) {}

    private static final String PLAINTEXT = "PLAINTEXT://";

    private static final Map<String, Alias> EXACT = Map.of(
            "broker.id", new Alias("node.id", UnaryOperator.identity()),
            "log.dir", new Alias("data.dir", UnaryOperator.identity()),
            "log.dirs", new Alias("data.dir", KafkaAliases::directory),
            "listeners", new Alias("kafka.listener", KafkaAliases::listener),
            "advertised.listeners", new Alias("kafka.advertised", KafkaAliases::listener));

    /** Last parts of names that say the unit, and the type of the key without it. */
    private static final Map<String, String> UNITS = Map.of("ms", "duration", "seconds",
            "duration", "minutes", "duration", "hours", "duration", "bytes", "size");

    private KafkaAliases() {}

    /**
     * The setting that a name of Kafka's stands for; empty if it is none of those.
     *
     * @throws IllegalArgumentException
     *             if the value cannot be had here; the message says why
     */
    static Optional<Setting> find(KeyCatalog catalog, String name, String text) {
        Alias exact = EXACT.get(name);
        if (exact != null) {
            return catalog.find(exact.name)
                    .map(key -> new Setting(key, exact.value.apply(text.strip())));
        }
        int dot = name.lastIndexOf('.');
        String unit = name.substring(dot + 1);
        String type = UNITS.get(unit);
        return dot < 0 || type == null
                ? Optional.empty()
                : catalog.find(name.substring(0, dot))
                        .filter(key -> key.form().name().equals(type))
                        .map(key -> new Setting(key, withUnit(text.strip(), unit)));
    }

    private static String withUnit(String text, String unit) {
        boolean number = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        return number && !unit.equals("bytes") ? text + " " + unit : text;
    }

    private static String directory(String text) {
        if (text.indexOf(',') >= 0) {
            throw new IllegalArgumentException("there is one data directory, not several");
        }
        return text;
    }

    private static String listener(String text) {
        if (text.indexOf(',') >= 0) {
            throw new IllegalArgumentException("there is one listener for Kafka, not several");
        }
        if (!text.startsWith(PLAINTEXT)) {
            throw new IllegalArgumentException("only " + PLAINTEXT + "HOST:PORT is served");
        }
        String address = text.substring(PLAINTEXT.length());
        return address.startsWith(":") ? "0.0.0.0" + address : address;
    }
}
