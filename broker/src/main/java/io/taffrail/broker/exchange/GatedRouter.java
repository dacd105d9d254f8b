package io.taffrail.broker.exchange;

import java.util.Optional;

/** A router behind a gate: messages that the gate does not admit match no binding. */
final class GatedRouter implements Router {

    private final Gate gate;
    private final Router bindings;

    GatedRouter(Gate gate, Router bindings) {
        this.gate = gate;
        this.bindings = bindings;
    }

    @Override
    public void add(Binding binding, Destination destination) {
        bindings.add(binding, destination);
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        bindings.remove(binding, destination);
    }

    @Override
    public Optional<RecentHistory> history() {
        return bindings.history();
    }

    @Override
    public boolean isByKey() {
        return bindings.isByKey();
    }

    @Override
    public void route(Walk walk) {
        if (walk.passes(gate)) {
            bindings.route(walk);
        }
    }
}
