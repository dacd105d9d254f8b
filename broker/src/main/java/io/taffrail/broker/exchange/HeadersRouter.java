package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A router that matches message headers with binding arguments. {@code x-match} says whether
 * {@code all} or {@code any} have to match; with {@code -with-x} names that begin with {@code x-}
 * count too. An argument without a value only requires the header to be present.
 */
final class HeadersRouter implements Router {

    private static final String MATCH = "x-match";

    private record Rule(Destination destination, boolean all, Map<String, FieldValue> wanted) {}

    private final BindingRules<Rule> rules = new BindingRules<>();

    @Override
    public void add(Binding binding, Destination destination) {
        String match = binding.arguments().get(MATCH)
                .orElse(null) instanceof FieldValue.Text(String text) ? text : "all";
        boolean withX = match.endsWith("-with-x");
        Map<String, FieldValue> wanted = new LinkedHashMap<>(binding.arguments().entries());
        wanted.remove(MATCH);
        if (!withX) {
            wanted.keySet().removeIf(name -> name.startsWith("x-"));
        }
        rules.put(binding, new Rule(destination, match.startsWith("all"), wanted));
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
        Map<String, FieldValue> headers = walk.properties().headers().entries();
        rules.route(walk, rule -> {
            if (matches(walk, rule, headers)) {
                walk.match(rule.destination);
            }
        });
    }

    private static boolean matches(Walk walk, Rule rule, Map<String, FieldValue> headers) {
        int looks = 0;
        boolean matches = rule.all;
        for (Map.Entry<String, FieldValue> wanted : rule.wanted.entrySet()) {
            looks++;
            FieldValue present = headers.get(wanted.getKey());
            boolean meets = present != null && (wanted.getValue() instanceof FieldValue.None
                    || HeaderValues.equal(wanted.getValue(), present));
            if (meets != rule.all) {
                matches = meets;
                break;
            }
        }
        walk.charge(Math.max(1, looks));
        return matches;
    }
}
