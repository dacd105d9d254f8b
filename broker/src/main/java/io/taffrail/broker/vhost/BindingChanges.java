package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeArguments;
import io.taffrail.broker.queue.Session;
import io.taffrail.log.spi.Owner;
import java.util.concurrent.CompletableFuture;

/** The requests that bind and unbind. Owner thread only. */
final class BindingChanges {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /**
     * A binding that is there.
     *
     * @param history
     *            completes when it has been given what its exchange remembers
     */
    record Bound(CompletableFuture<Void> history) {}

    private final Topology topology;
    private final TopologyStore store;
    private final ExchangeChanges exchanges;
    private final QueueChanges queues;
    private final HostRefusals refusals;
    private final HistoryReplay replay;
    private final Owner owner;

    BindingChanges(Topology topology, TopologyStore store, ExchangeChanges exchanges,
            QueueChanges queues, HostRefusals refusals, HistoryReplay replay, Owner owner) {
        this.topology = topology;
        this.store = store;
        this.exchanges = exchanges;
        this.queues = queues;
        this.refusals = refusals;
        this.replay = replay;
        this.owner = owner;
    }

    /**
     * Binds.
     *
     * @return completes when the binding is stored
     */
    CompletableFuture<Bound> bind(Binding binding, Session session) {
        checkNotDefault(binding);
        Exchange source = topology.exchange(binding.source())
                .orElseThrow(() -> refusals.noExchange(binding.source()));
        if (binding.toQueue()) {
            queues.mine(binding.destination(), session);
        } else if (topology.exchange(binding.destination()).isEmpty()) {
            throw refusals.noExchange(binding.destination());
        }
        check(source, binding);
        if (topology.has(binding)) {
            return CompletableFuture.completedFuture(new Bound(DONE));
        }
        topology.space().check(DefinitionBytes.of(binding),
                "a binding to '" + binding.destination() + "'");
        topology.add(binding);
        CompletableFuture<Void> given = source.router().history()
                .map(history -> replay.give(history, binding)).orElse(DONE);
        return (topology.isDurable(binding) ? stored(binding) : DONE)
                .thenApply(_ -> new Bound(given));
    }

    /** A binding that is not stored is none: a client that asks once more is not told it is. */
    private CompletableFuture<Void> stored(Binding binding) {
        return DONE.thenCompose(_ -> exchanges.leftovers().removed())
                .thenCompose(_ -> store.put(store.bindingKey(binding),
                        new Stored.OfBinding(binding)))
                .exceptionallyComposeAsync(cause -> {
                    topology.remove(binding);
                    return CompletableFuture.failedFuture(cause);
                }, owner);
    }

    private void checkNotDefault(Binding binding) {
        if (binding.source().isEmpty() || (!binding.toQueue() && binding.destination().isEmpty())) {
            throw refusals.defaultExchange();
        }
    }

    private static void check(Exchange source, Binding binding) {
        source.declaration().routing()
                .flatMap(type -> ExchangeArguments.problem(type, binding))
                .ifPresent(problem -> {
                    throw HostRefusals.precondition(problem);
                });
    }

    /** Removes a binding when that is stored; succeeds if it does not exist. */
    CompletableFuture<Void> unbind(Binding binding, Session session) {
        checkNotDefault(binding);
        if (!topology.has(binding)) {
            return DONE;
        }
        if (binding.toQueue()) {
            queues.mine(binding.destination(), session);
        }
        return exchanges.removal().binding(binding).run();
    }
}
