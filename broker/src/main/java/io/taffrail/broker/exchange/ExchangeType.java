package io.taffrail.broker.exchange;

import java.util.Locale;
import java.util.Optional;

/** How an exchange matches messages with bindings. */
public enum ExchangeType {
    DIRECT, FANOUT, TOPIC, HEADERS;

    /** The type clients call by this name. */
    public static Optional<ExchangeType> of(String name) {
        return switch (name) {
            case "direct" -> Optional.of(DIRECT);
            case "fanout" -> Optional.of(FANOUT);
            case "topic" -> Optional.of(TOPIC);
            case "headers" -> Optional.of(HEADERS);
            default -> Optional.empty();
        };
    }

    /** What clients call it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
