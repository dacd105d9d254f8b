package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.guard.FailStop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The removal of bindings from the topology in steps, because a queue or an exchange may have tens
 * of thousands. An auto-delete exchange is removed with the last binding that leaves it, together
 * with all bindings to it, through chains of any length. As a change of {@link Serial}, one removal
 * runs at a time. Owner thread only.
 */
final class Removal {

    private final Topology topology;
    private final TopologyStore store;
    private final Steps steps;
    private final Consumer<String> exchangeGone;
    private final Deque<Binding> bindings = new ArrayDeque<>();
    /** Exchanges already taken out of use, in the order in which their bindings are removed. */
    private final Deque<String> leaving = new ArrayDeque<>();
    private final List<String> keys = new ArrayList<>();
    private final CompletableFuture<List<String>> done = new CompletableFuture<>();

    /**
     * @param exchangeGone
     *            told the name of each exchange that is removed
     */
    Removal(Topology topology, TopologyStore store, Steps steps,
            Consumer<String> exchangeGone) {
        this.topology = topology;
        this.store = store;
        this.steps = steps;
        this.exchangeGone = exchangeGone;
    }

    /** Adds one binding to the removal. */
    Removal binding(Binding binding) {
        bindings.add(binding);
        return this;
    }

    /** Adds all bindings to a queue; the queue itself stays. */
    Removal bindingsTo(String queue) {
        bindings.addAll(topology.toQueue(queue));
        return this;
    }

    /** Takes an exchange out of use at once, and adds all its bindings. */
    Removal exchange(String name) {
        keys.add(store.exchangeKey(name));
        exchangeGone.accept(name);
        bindings.addAll(topology.leave(name));
        leaving.add(name);
        return this;
    }

    /**
     * Runs the removal; the first step runs during the call.
     *
     * @return the keys of all removed objects that may be in the store
     */
    CompletableFuture<List<String>> run() {
        step(steps.direct());
        return done;
    }

    private void step(Budget budget) {
        try {
            while (!bindings.isEmpty() && !budget.isSpent()) {
                budget.spend(0);
                remove(bindings.remove());
            }
            if (bindings.isEmpty()) {
                leaving.forEach(topology::left);
            }
        } catch (Throwable cause) {
            FailStop.check(cause);
            done.completeExceptionally(cause);
            return;
        }
        if (bindings.isEmpty()) {
            done.complete(keys);
        } else {
            steps.add(this::step);
        }
    }

    private void remove(Binding binding) {
        if (!topology.has(binding)) {
            return; // It is in the line twice: once for each of the exchanges that it joins.
        }
        keys.add(store.bindingKey(binding));
        topology.remove(binding);
        boolean last = topology.exchange(binding.source()).map(Exchange::declaration)
                .filter(source -> source.autoDelete() && !topology.isSource(source.name()))
                .isPresent();
        if (last) {
            exchange(binding.source());
        }
    }
}
