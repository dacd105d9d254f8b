package io.taffrail.broker.exchange;

import java.util.Optional;

/** The bindings of one exchange, indexed as its type matches them. Owner thread only. */
public sealed interface Router
        permits DirectRouter, FanoutRouter, TopicRouter, HeadersRouter, GatedRouter,
        PartitionRouter, ConsistentHashRouter, OneOfRouter, FederationRouter, RecentHistoryRouter,
        JmsTopicRouter {

    /** Adds a new binding. */
    void add(Binding binding, Destination destination);

    /** Removes an existing binding. */
    void remove(Binding binding, Destination destination);

    /**
     * Passes every matching destination to {@link Walk#match}; a destination may be passed twice.
     */
    void route(Walk walk);

    /** The messages kept for later bindings, if the type keeps any. */
    default Optional<RecentHistory> history() {
        return Optional.empty();
    }

    /**
     * Whether the routing key influences the result, so that every key of a message must be routed.
     */
    default boolean isByKey() {
        return true;
    }

    /** Wraps a router with a gate. */
    static Router gated(Gate gate, Router bindings) {
        return new GatedRouter(gate, bindings);
    }

    /**
     * Creates the router of an exchange, without bindings.
     *
     * @param exchange
     *            of a known type
     * @param room
     *            the memory budget for its history
     */
    static Router of(ExchangeDeclaration exchange, HistorySpace.Part room) {
        return switch (exchange.routing().orElseThrow()) {
            case DIRECT -> new DirectRouter();
            case FANOUT -> new FanoutRouter();
            case TOPIC -> new TopicRouter();
            case HEADERS -> new HeadersRouter();
            case CONSISTENT_HASH -> new ConsistentHashRouter(HashInput.of(exchange));
            case MODULUS_HASH -> OneOfRouter.byKey();
            case RANDOM, LOCAL_RANDOM -> OneOfRouter.atRandom(exchange.name().hashCode());
            case FEDERATION_UPSTREAM -> FederationRouter.of(exchange);
            case JMS_TOPIC -> new JmsTopicRouter();
            case RECENT_HISTORY ->
                new RecentHistoryRouter(new RecentHistory(exchange.arguments(), room));
        };
    }
}
