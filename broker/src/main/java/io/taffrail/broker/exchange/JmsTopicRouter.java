package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldValue;
import java.util.Optional;

/**
 * A router that matches a message's headers with the selector of each binding; keys are ignored.
 */
final class JmsTopicRouter implements Router {

    private record Rule(Destination destination, JmsSelector selector) {}

    private final BindingRules<Rule> rules = new BindingRules<>();

    /** The reason why a binding is refused, in the style of RabbitMQ's plugin. */
    static Optional<String> problem(Binding binding) {
        try {
            JmsSelector.of(binding.arguments()).checkLimits();
            return Optional.empty();
        } catch (IllegalArgumentException notOne) {
            return Optional.of("cannot parse selector '"
                    + binding.arguments().get(JmsSelector.ARGUMENT).map(FieldValue::shown)
                            .orElse("")
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
        if (rules.isEmpty()) {
            return;
        }
        SelectorInput headers = new SelectorInput(walk.properties().headers());
        rules.route(walk, rule -> {
            if (rule.selector.matches(headers)) {
                walk.match(rule.destination);
            }
            walk.charge(1 + headers.takeCost());
        });
    }
}
