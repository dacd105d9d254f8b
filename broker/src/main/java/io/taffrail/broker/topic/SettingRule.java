package io.taffrail.broker.topic;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A rule for the values of a setting. Error texts are Kafka's. */
@FunctionalInterface
interface SettingRule {

    /**
     * Checks a value.
     *
     * @throws InvalidSettingException
     *             if the value is invalid
     */
    void check(String name, String value);

    static SettingRule wholeInt(int least, int most) {
        return (name, value) -> range(name, value, parseInt(name, value), least, most,
                Integer.MAX_VALUE);
    }

    static SettingRule wholeInt(int least) {
        return wholeInt(least, Integer.MAX_VALUE);
    }

    static SettingRule wholeLong(long least) {
        return (name, value) -> range(name, value, parseLong(name, value), least, Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    static SettingRule ratio() {
        return (name, value) -> {
            double number;
            try {
                number = Double.parseDouble(value.strip());
            } catch (NumberFormatException e) {
                throw InvalidSettingException.of(name, value, "Not a number of type DOUBLE");
            }
            if (!(number >= 0)) {
                throw InvalidSettingException.of(name, value, "Value must be at least 0");
            }
            if (number > 1) {
                throw InvalidSettingException.of(name, value, "Value must be no more than 1");
            }
        };
    }

    static SettingRule bool() {
        return SettingRule::parseBoolean;
    }

    /** A boolean of which only one value is supported. */
    static SettingRule only(boolean possible, String reason) {
        return (name, value) -> {
            if (parseBoolean(name, value) != possible) {
                throw InvalidSettingException.of(name, value, reason);
            }
        };
    }

    static SettingRule oneOf(String... allowed) {
        return (name, value) -> {
            if (!Arrays.asList(allowed).contains(value.strip())) {
                throw InvalidSettingException.of(name, value,
                        "String must be one of: " + String.join(", ", allowed));
            }
        };
    }

    static SettingRule listOf(String... allowed) {
        return (name, value) -> {
            Set<String> seen = new HashSet<>();
            for (String item : items(value)) {
                if (!Arrays.asList(allowed).contains(item)) {
                    throw InvalidSettingException.of(name, item,
                            "String must be one of: " + String.join(", ", allowed));
                }
                if (!seen.add(item)) {
                    throw InvalidSettingException.of(name, value,
                            "Configuration '" + name + "' values must not be duplicated.");
                }
            }
            if (seen.isEmpty()) {
                throw InvalidSettingException.of(name, value,
                        "Configuration '" + name + "' must not be empty. Valid values include: "
                                + String.join(", ", allowed));
            }
        };
    }

    /** A list of throttled replicas, which has no effect, because there is no replication. */
    static SettingRule throttledReplicas() {
        return (name, value) -> {
            String text = value.strip();
            if (!text.isEmpty() && !text.equals("*") && !isListOfReplicas(text)) {
                throw InvalidSettingException.of(name, value,
                        "must be the literal '*' or a list of replicas in the following format:"
                                + " [partitionId]:[brokerId],[partitionId]:[brokerId],...");
            }
        };
    }

    /** The regular expression is per replica: java.util.regex recurses for each repetition. */
    private static boolean isListOfReplicas(String text) {
        return Arrays.stream(text.split(",", -1))
                .allMatch(replica -> replica.strip().matches("\\d+:\\d+"));
    }

    static List<String> items(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).filter(i -> !i.isEmpty())
                .toList();
    }

    private static void range(String name, String value, long number, long least, long most,
            long unlimited) {
        if (number < least) {
            throw InvalidSettingException.of(name, value, "Value must be at least " + least);
        }
        if (most != unlimited && number > most) {
            throw InvalidSettingException.of(name, value, "Value must be no more than " + most);
        }
    }

    private static int parseInt(String name, String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw InvalidSettingException.of(name, value, "Not a number of type INT");
        }
    }

    private static long parseLong(String name, String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw InvalidSettingException.of(name, value, "Not a number of type LONG");
        }
    }

    private static boolean parseBoolean(String name, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw InvalidSettingException.of(name, value,
                    "Expected value to be either true or false");
        };
    }
}
