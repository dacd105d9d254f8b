package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.queue.AnyQueue;
import java.util.Comparator;
import java.util.List;

/** The inventory of a topology. Owner thread only. */
final class LiveInventory implements Inventory {

    private final Topology topology;
    private final HostPolicies policies;

    LiveInventory(Topology topology, HostPolicies policies) {
        this.topology = topology;
        this.policies = policies;
    }

    @Override
    public List<QueueEntry> queues() {
        return topology.queues().stream().sorted(Comparator.comparing(AnyQueue::name))
                .map(this::entry).toList();
    }

    private QueueEntry entry(AnyQueue queue) {
        return new QueueEntry(queue.declaration(), queue.settings().type(), queue.depth(),
                queue.consumerCount(), policies.nameFor(queue), queue.quarantine());
    }

    @Override
    public List<ExchangeDeclaration> exchanges() {
        return topology.exchanges().stream().map(Exchange::declaration)
                .sorted(Comparator.comparing(ExchangeDeclaration::name)).toList();
    }

    @Override
    public List<Binding> bindings() {
        return topology.bindings().sorted(Comparator.comparing(Binding::source)
                .thenComparing(Binding::destination)).toList();
    }
}
