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
 * Takes bindings out of the topology in steps, for a queue or an exchange may have ten thousands of
 * them. An auto-delete exchange goes with the last binding that leaves it, and takes those to it
 * along, however long a chain that is. One removal is under way at a time, as a change of
 * {@link Serial}. Owner thread only.
 */
final class Removal {

    private final Topology topology;
    private final TopologyStore store;
    private final Steps steps;
    private final Consumer<String> exchangeGone;
    private final Deque<Binding> bindings = new ArrayDeque<>();
    /** Exchanges that nobody finds any more, in the order in which their bindings go. */
    private final Deque<String> leaving = new ArrayDeque<>();
    private final List<String> keys = new ArrayList<>();
    private final CompletableFuture<List<String>> done = new CompletableFuture<>();

    /**
     * @param exchangeGone
     *            told the name of each exchange that goes
     */
    Removal(Topology topology, TopologyStore store, Steps steps,
            Consumer<String> exchangeGone) {
        this.topology = topology;
        this.store = store;
        this.steps = steps;
        this.exchangeGone = exchangeGone;
    }

    /** Takes one binding out. */
    Removal binding(Binding binding) {
        bindings.add(binding);
        return this;
    }

    /** Takes all bindings to a queue out, which stays. */
    Removal bindingsTo(String queue) {
        bindings.addAll(topology.toQueue(queue));
        return this;
    }

    /** Takes an exchange out, which nobody finds from now on, and all its bindings. */
    Removal exchange(String name) {
        keys.add(store.exchangeKey(name));
        exchangeGone.accept(name);
        bindings.addAll(topology.leave(name));
        leaving.add(name);
        return this;
    }

    /**
     * Does it, as far as the budget of one step goes at once.
     *
     * @return the keys of everything that is gone and may have been stored
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
