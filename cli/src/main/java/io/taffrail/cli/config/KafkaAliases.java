package io.taffrail.cli.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Kafka's names for settings that have another name here, so that a {@code server.properties} can
 * be used unchanged: names ending in a unit ({@code log.cleaner.backoff.ms = 15000}) and a few
 * others. Their values are in Kafka's format.
 */
final class KafkaAliases {

    /**
     * A setting with its name here.
     *
     * @param text
     *            value in the format of {@code key}
     */
    record Setting(ConfigKey key, String text) {}

    /** Name here, and conversion of Kafka's value. */
    private record Alias(String name, UnaryOperator<String> value) {}

    private static final String PLAINTEXT = "PLAINTEXT://";

    private static final Map<String, Alias> EXACT = Map.of(
            "broker.id", new Alias("node.id", UnaryOperator.identity()),
            "log.dir", new Alias("data.dir", UnaryOperator.identity()),
            "log.dirs", new Alias("data.dir", KafkaAliases::directory),
            "listeners", new Alias("kafka.listener", KafkaAliases::listener),
            "advertised.listeners", new Alias("kafka.advertised", KafkaAliases::listener));

    /** Units at the end of Kafka's names, with the type of the key without the unit. */
    private static final Map<String, String> UNITS = Map.of("ms", "duration", "seconds",
            "duration", "minutes", "duration", "hours", "duration", "bytes", "size");

    private KafkaAliases() {}

    /**
     * Finds the setting for a Kafka name; empty if there is none.
     *
     * @throws IllegalArgumentException
     *             if the value is not supported; the message says why
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
