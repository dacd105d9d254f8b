package io.taffrail.broker.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The types of exchange: how messages are matched with bindings. */
public enum ExchangeType {
    DIRECT("direct"),
    FANOUT("fanout"),
    TOPIC("topic"),
    HEADERS("headers"),
    /** One destination, chosen by a hash that moves few messages when bindings change. */
    CONSISTENT_HASH("x-consistent-hash"),
    /** One destination, chosen by a hash of the routing key modulo the number of bindings. */
    MODULUS_HASH("x-modulus-hash"),
    /** One destination, chosen at random. */
    RANDOM("x-random"),
    /** One destination on this node, chosen at random; the broker is a single node. */
    LOCAL_RANDOM("x-local-random"),
    /** Every destination, for messages that the federated downstream has not received yet. */
    FEDERATION_UPSTREAM("x-federation-upstream"),
    /** Every destination; a new binding also gets the last messages. */
    RECENT_HISTORY("x-recent-history"),
    /** Destinations whose selector matches the message's headers. */
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

    /** The type with this name in the protocol. */
    public static Optional<ExchangeType> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Name of the type in the protocol. */
    public String text() {
        return text;
    }
}
