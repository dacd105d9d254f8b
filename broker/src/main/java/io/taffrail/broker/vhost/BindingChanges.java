package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeArguments;
import io.taffrail.broker.queue.Session;
import java.util.concurrent.CompletableFuture;

/** The requests that bind and unbind. Owner thread only. */
final class BindingChanges {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Topology topology;
    private final TopologyStore store;
    private final ExchangeChanges exchanges;
    private final QueueChanges queues;
    private final Refusals refusals;
    private final HistoryReplay replay;

    BindingChanges(Topology topology, TopologyStore store, ExchangeChanges exchanges,
            QueueChanges queues, Refusals refusals, HistoryReplay replay) {
        this.topology = topology;
        this.store = store;
        this.exchanges = exchanges;
        this.queues = queues;
        this.refusals = refusals;
        this.replay = replay;
    }

    /** Adds a binding; durable when complete, if both of its ends are. */
    CompletableFuture<Void> bind(Binding binding, Session session) {
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
            return DONE;
        }
        topology.space().check(DefinitionSpace.bytes(binding),
                "a binding to '" + binding.destination() + "'");
        topology.add(binding);
        source.router().history().ifPresent(history -> replay.give(history, binding));
        return topology.isDurable(binding)
                ? store.put(store.bindingKey(binding), new Stored.OfBinding(binding))
                : DONE;
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
                    throw Refusals.precondition(problem);
                });
    }

    /** Removes a binding; succeeds if it does not exist. */
    CompletableFuture<Void> unbind(Binding binding, Session session) {
        checkNotDefault(binding);
        if (!topology.has(binding)) {
            return DONE;
        }
        if (binding.toQueue()) {
            queues.mine(binding.destination(), session);
        }
        return exchanges.removal().binding(binding).run().thenCompose(store::delete);
    }
}
