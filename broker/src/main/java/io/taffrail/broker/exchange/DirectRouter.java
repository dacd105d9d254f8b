package io.taffrail.broker.exchange;

import java.util.HashMap;
import java.util.Map;

/** A router that matches binding keys equal to the routing key. */
final class DirectRouter implements Router {

    private final Map<String, Routes> byKey = new HashMap<>();

    /** Whether a binding has this key. */
    boolean has(String key) {
        return byKey.containsKey(key);
    }

    @Override
    public void add(Binding binding, Destination destination) {
        byKey.computeIfAbsent(binding.key(), _ -> new Routes()).add(destination);
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        byKey.computeIfPresent(binding.key(), (_, routes) -> {
            routes.remove(destination);
            return routes.isEmpty() ? null : routes;
        });
    }

    @Override
    public void route(Walk walk) {
        Routes routes = byKey.get(walk.key());
        if (routes != null) {
            routes.match(walk);
        }
    }
}
