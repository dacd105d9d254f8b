package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every binding has a selector, which looks at a message's headers; keys mean nothing. */
final class JmsTopicRouter implements Router {

    private record Rule(Binding binding, Destination destination, JmsSelector selector) {}

    private final List<Rule> rules = new ArrayList<>();

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
        rules.add(new Rule(binding, destination, JmsSelector.of(binding.arguments())));
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        rules.removeIf(rule -> rule.binding.equals(binding));
    }

    @Override
    public boolean isByKey() {
        return false;
    }

    @Override
    public void route(Walk walk) {
        walk.charge(rules.size());
        Table headers = walk.properties().headers();
        for (Rule rule : rules) {
            if (rule.selector.matches(headers)) {
                walk.match(rule.destination);
            }
        }
    }
}
