package io.taffrail.broker.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The rules of a router that examines each binding, in the order of the bindings. A walk that has
 * used up its step goes on later with the rules there were when it began. Owner thread only.
 */
final class BindingRules<R> {

    private final Map<Binding, R> byBinding = new LinkedHashMap<>();
    /** The rules in order; replaced, never changed. */
    private List<R> inOrder = List.of();
    private boolean stale;

    void put(Binding binding, R rule) {
        byBinding.put(binding, rule);
        stale = true;
    }

    void remove(Binding binding) {
        byBinding.remove(binding);
        stale = true;
    }

    boolean isEmpty() {
        return byBinding.isEmpty();
    }

    /**
     * Passes every rule to {@code examine}, perhaps in later steps of the walk.
     *
     * @param examine
     *            charges the cost of the rule to the walk
     */
    void route(Walk walk, Consumer<R> examine) {
        if (stale) {
            inOrder = List.copyOf(byBinding.values());
            stale = false;
        }
        goOn(walk, inOrder, 0, examine);
    }

    private static <R> void goOn(Walk walk, List<R> rules, int from, Consumer<R> examine) {
        for (int index = from; index < rules.size(); index++) {
            if (walk.isSpent()) {
                int next = index;
                walk.later(() -> goOn(walk, rules, next, examine));
                return;
            }
            examine.accept(rules.get(index));
        }
    }
}
