package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The removal of bindings, and of exchanges and queues with their bindings. It has three parts: it
 * collects what goes, removes that from the store in one commit, and then removes it from the
 * topology. Bindings beyond the size of a commit follow as {@link Leftovers}. Until the store has
 * confirmed, every object is in use as before; if the store fails,
 * nothing has changed. An auto-delete exchange is removed with the last binding that leaves it,
 * together with all bindings to it, through chains of any length. The first and the last part run
 * in steps, because a queue or an exchange may have tens of thousands of bindings. As a change of
 * {@link Serial}, one removal runs at a time. Owner thread only.
 */
final class Removal {

    private final Topology topology;
    private final TopologyStore store;
    private final Leftovers leftovers;
    private final Steps steps;
    private final Owner owner;
    private final Consumer<String> exchangeGone;
    /** Bindings that go and have not been collected. */
    private final Deque<Binding> found = new ArrayDeque<>();
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private final Set<String> exchanges = new LinkedHashSet<>();
    /** Bindings that each auto-delete exchange still has as their source. */
    private final Map<String, Integer> left = new HashMap<>();
    /** Keys of exchanges and queues. */
    private final List<String> keys = new ArrayList<>();
    private final List<String> bindingKeys = new ArrayList<>();
    private Runnable queueGone = () -> {};

    /**
     * @param exchangeGone
     *            told the name of each exchange that is removed from the topology
     */
    Removal(Topology topology, TopologyStore store, Leftovers leftovers, Steps steps, Owner owner,
            Consumer<String> exchangeGone) {
        this.leftovers = leftovers;
        this.topology = topology;
        this.store = store;
        this.steps = steps;
        this.owner = owner;
        this.exchangeGone = exchangeGone;
    }

    /** Adds one binding to the removal. */
    Removal binding(Binding binding) {
        found.add(binding);
        return this;
    }

    /** Adds all bindings to a queue; the queue itself stays in the topology. */
    Removal bindingsTo(String queue) {
        found.addAll(topology.toQueue(queue));
        return this;
    }

    /**
     * Adds a queue in the store, with all bindings to it.
     *
     * @param whenRemoved
     *            removes the queue itself from memory, after its bindings; on the owner's thread
     */
    Removal stored(String queue, Runnable whenRemoved) {
        keys.add(store.queueKey(queue));
        queueGone = whenRemoved;
        return bindingsTo(queue);
    }

    /** Adds an exchange with all its bindings. */
    Removal exchange(String name) {
        if (exchanges.add(name)) {
            keys.add(store.exchangeKey(name));
            found.addAll(topology.ofExchange(name));
        }
        return this;
    }

    /**
     * Removes everything from the store and then from the topology. The first step runs during the
     * call.
     *
     * @return completes on any thread; with the store's failure if nothing was removed
     */
    CompletableFuture<Void> run() {
        return collected().thenCompose(_ -> {
            List<String> part = Leftovers.part(bindingKeys);
            List<String> rest = bindingKeys.subList(part.size(), bindingKeys.size());
            keys.addAll(part);
            CompletableFuture<Void> stored = store.delete(keys);
            return (stored.isDone()
                    ? stored.thenCompose(_ -> removed())
                    : stored.thenComposeAsync(_ -> removed(), owner))
                    .thenCompose(_ -> leftovers.remove(rest));
        });
    }

    /**
     * Removes everything from the topology alone, for objects that are not in the store.
     *
     * @return the keys of all removed objects that may be in the store
     */
    CompletableFuture<List<String>> forget() {
        return collected().thenCompose(_ -> removed()).thenApply(_ -> {
            keys.addAll(bindingKeys);
            return keys;
        });
    }

    private CompletableFuture<Void> collected() {
        return steps.work(budget -> {
            while (!found.isEmpty() && !budget.isSpent()) {
                budget.spend(0);
                collect(found.remove());
            }
            return found.isEmpty();
        });
    }

    private void collect(Binding binding) {
        if (!topology.has(binding) || !bindings.add(binding)) {
            return;
        }
        bindingKeys.add(store.bindingKey(binding));
        String source = binding.source();
        boolean leavesAutoDelete = !exchanges.contains(source) && topology.exchange(source)
                .map(Exchange::declaration).filter(it -> it.autoDelete()).isPresent();
        if (leavesAutoDelete && left.merge(source, topology.fromExchange(source) - 1,
                (before, _) -> before - 1) == 0) {
            exchange(source);
        }
    }

    private CompletableFuture<Void> removed() {
        Iterator<String> leaving = exchanges.iterator();
        Iterator<Binding> going = bindings.iterator();
        return steps.work(budget -> {
            while (leaving.hasNext() && !budget.isSpent()) {
                budget.spend(0);
                String name = leaving.next();
                exchangeGone.accept(name);
                topology.leave(name);
            }
            while (going.hasNext() && !budget.isSpent()) {
                budget.spend(0);
                topology.remove(going.next());
            }
            if (leaving.hasNext() || going.hasNext()) {
                return false;
            }
            exchanges.forEach(topology::left);
            queueGone.run();
            return true;
        });
    }
}
