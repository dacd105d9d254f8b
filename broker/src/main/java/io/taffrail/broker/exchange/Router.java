package io.taffrail.broker.exchange;

/** The bindings of one exchange, in the form its type matches them by. Owner thread only. */
public sealed interface Router permits DirectRouter, FanoutRouter, TopicRouter,
        HeadersRouter, PartitionRouter {

    /** Adds a binding that is not there. */
    void add(Binding binding, Destination destination);

    /** Removes a binding that is there. */
    void remove(Binding binding, Destination destination);

    /** Passes every destination of the walk's message to {@link Walk#match}; some perhaps twice. */
    void route(Walk walk);

    /** The bindings of a type of exchange, none yet. */
    static Router of(ExchangeType type) {
        return switch (type) {
            case DIRECT -> new DirectRouter();
            case FANOUT -> new FanoutRouter();
            case TOPIC -> new TopicRouter();
            case HEADERS -> new HeadersRouter();
        };
    }
}
