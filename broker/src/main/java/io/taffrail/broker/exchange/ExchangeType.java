package io.taffrail.broker.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How an exchange matches messages with bindings. */
public enum ExchangeType {
    DIRECT("direct"),
    FANOUT("fanout"),
    TOPIC("topic"),
    HEADERS("headers"),
    /** One destination, by a hash that moves few messages when bindings come and go. */
    CONSISTENT_HASH("x-consistent-hash"),
    /** One destination, by a hash of the routing key modulo the number of bindings. */
    MODULUS_HASH("x-modulus-hash"),
    /** One destination, at random. */
    RANDOM("x-random"),
    /** One destination on this node, at random: one node is all there is. */
    LOCAL_RANDOM("x-local-random"),
    /** Every destination, for messages that a federated downstream has not seen. */
    FEDERATION_UPSTREAM("x-federation-upstream"),
    /** Every destination; one bound later gets the last messages. */
    RECENT_HISTORY("x-recent-history"),
    /** Destinations whose selector is true of the message's headers. */
    JMS_TOPIC("x-jms-topic");

    private static final Map<String, ExchangeType> BY_NAME = byName();

    private final String text;

    ExchangeType(String text) {
        this.text = text;
    }

    private static Map<String, ExchangeType> byName() {
        Map<String, ExchangeType> all = new HashMap<>();
        for (ExchangeType type : values()) {
            all.put(type.text, type);
        }
        return Map.copyOf(all);
    }

    /** The type clients call by this name. */
    public static Optional<ExchangeType> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** What clients call it. */
    public String text() {
        return text;
    }
}
