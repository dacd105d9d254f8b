package io.taffrail.broker.exchange;

import java.util.Optional;

/** The bindings of one exchange, in the form its type matches them by. Owner thread only. */
public sealed interface Router
        permits DirectRouter, FanoutRouter, TopicRouter, HeadersRouter, GatedRouter,
        PartitionRouter, ConsistentHashRouter, OneOfRouter, FederationRouter, RecentHistoryRouter,
        JmsTopicRouter {

    /** Adds a binding that is not there. */
    void add(Binding binding, Destination destination);

    /** Removes a binding that is there. */
    void remove(Binding binding, Destination destination);

    /** Passes every destination of the walk's message to {@link Walk#match}; some perhaps twice. */
    void route(Walk walk);

    /** What is remembered for bindings that come. */
    default Optional<History> history() {
        return Optional.empty();
    }

    /** Whether another key of the same message may reach other destinations. */
    default boolean isByKey() {
        return true;
    }

    /** As a router, for those messages only that the gate admits. */
    static Router gated(Gate gate, Router bindings) {
        return new GatedRouter(gate, bindings);
    }

    /**
     * The bindings of an exchange, none yet.
     *
     * @param exchange
     *            of a known type
     * @param room
     *            for what it remembers
     */
    static Router of(ExchangeDeclaration exchange, History.Room room) {
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
                new RecentHistoryRouter(new History(exchange.arguments(), room));
        };
    }
}
