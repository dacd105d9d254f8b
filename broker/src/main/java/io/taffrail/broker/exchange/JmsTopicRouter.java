package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Every binding has a selector, which looks at a message's headers; keys mean nothing. */
final class JmsTopicRouter implements Router {

    private record Rule(Destination destination, JmsSelector selector) {}

    private final Map<Binding, Rule> rules = new LinkedHashMap<>();

    /** Why a binding is refused, as RabbitMQ's plugin would say if it got that far. */
    static Optional<String> problem(Binding binding) {
        try {
            var _ = JmsSelector.of(binding.arguments());
            return Optional.empty();
        } catch (IllegalArgumentException notOne) {
            return Optional.of("cannot parse selector '"
                    + binding.arguments().get(JmsSelector.ARGUMENT).map(Value::shown).orElse("")
                    + "' binding destination '" + binding.destination() + "' to exchange '"
                    + binding.source() + "': " + notOne.getMessage());
        }
    }

    @Override
    public void add(Binding binding, Destination destination) {
        rules.put(binding, new Rule(destination, JmsSelector.of(binding.arguments())));
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        rules.remove(binding);
    }

    @Override
    public boolean isByKey() {
        return false;
    }

    @Override
    public void route(Walk walk) {
        walk.charge(rules.size());
        Table headers = walk.properties().headers();
        for (Rule rule : rules.values()) {
            if (rule.selector.matches(headers)) {
                walk.match(rule.destination);
            }
        }
    }
}
