package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldValue;
import java.util.Optional;
import java.util.Set;

/** The checks of arguments and bindings for each type of exchange. */
public final class ExchangeArguments {

    private static final Set<String> MATCHES = Set.of("all", "any", "all-with-x", "any-with-x");

    private ExchangeArguments() {}

    /** The reason why an exchange of a known type cannot be declared, in RabbitMQ's words. */
    public static Optional<String> problem(ExchangeDeclaration exchange) {
        return switch (exchange.routing().orElseThrow()) {
            case CONSISTENT_HASH -> HashInput.problem(exchange.arguments());
            case FEDERATION_UPSTREAM -> FederationRouter.problem(exchange.arguments());
            case RECENT_HISTORY -> RecentHistory.problem(exchange.arguments());
            case DIRECT, FANOUT, TOPIC, HEADERS, MODULUS_HASH, RANDOM, LOCAL_RANDOM, JMS_TOPIC ->
                Optional.empty();
        };
    }

    /** The reason why a binding of an exchange of this type is refused, in RabbitMQ's words. */
    public static Optional<String> problem(ExchangeType type, Binding binding) {
        return switch (type) {
            case HEADERS -> binding.arguments().get("x-match")
                    .flatMap(ExchangeArguments::matchProblem);
            case JMS_TOPIC -> JmsTopicRouter.problem(binding);
            case CONSISTENT_HASH -> Optional.of(ConsistentHashRouter.problem(binding.key()))
                    .filter(it -> !it.isEmpty());
            case DIRECT, FANOUT, TOPIC, MODULUS_HASH, RANDOM, LOCAL_RANDOM,
                    FEDERATION_UPSTREAM, RECENT_HISTORY ->
                Optional.empty();
        };
    }

    private static Optional<String> matchProblem(FieldValue value) {
        if (!(value instanceof FieldValue.Text(String text))) {
            return Optional.of("Invalid x-match field type " + value.typeName() + " (value "
                    + value.shown() + "); expected longstr");
        }
        return MATCHES.contains(text)
                ? Optional.empty()
                : Optional.of("Invalid x-match field value <<\"" + text
                        + "\">>; expected all, any, all-with-x, or any-with-x");
    }
}
