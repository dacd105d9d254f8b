package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.QueueDepth;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The inventory of a topology. Owner thread only. */
final class LiveInventory implements Inventory {

    private final Topology topology;
    private final HostPolicies policies;
    private final HostTraffic traffic;

    LiveInventory(Topology topology, HostPolicies policies, HostTraffic traffic) {
        this.traffic = traffic;
        this.topology = topology;
        this.policies = policies;
    }

    @Override
    public Totals totals() {
        long ready = 0;
        long held = 0;
        long consumers = 0;
        for (AnyQueue queue : topology.queues()) {
            QueueDepth depth = queue.depth();
            ready += depth.ready();
            held += depth.held();
            consumers += queue.consumerCount();
        }
        return new Totals(topology.queues().size(), topology.exchanges().size(), consumers, ready,
                held);
    }

    @Override
    public List<String> queueNames() {
        return topology.queues().stream().map(AnyQueue::name).toList();
    }

    @Override
    public Optional<QueueEntry> queue(String name) {
        return topology.queue(name).map(this::entry);
    }

    @Override
    public OptionalLong oldestReadyMs(String queue) {
        return topology.queue(queue).map(AnyQueue::oldestReadyMs).orElse(OptionalLong.empty());
    }

    @Override
    public HostTraffic traffic() {
        return traffic.copy();
    }

    @Override
    public List<ExchangeTraffic> exchangeTraffic() {
        return topology.exchanges().stream()
                .map(it -> new ExchangeTraffic(it.name(), it.in(), it.out())).toList();
    }

    @Override
    public Optional<ExchangeDeclaration> exchange(String name) {
        return topology.exchange(name).map(Exchange::declaration);
    }

    @Override
    public List<QueueEntry> queues() {
        return topology.queues().stream().sorted(Comparator.comparing(AnyQueue::name))
                .map(this::entry).toList();
    }

    private QueueEntry entry(AnyQueue queue) {
        return new QueueEntry(queue.declaration(), queue.settings().type(), queue.depth(),
                queue.figures(), queue.consumerCount(), policies.nameFor(queue),
                queue.quarantine());
    }

    @Override
    public List<ExchangeDeclaration> exchanges() {
        return topology.exchanges().stream().map(Exchange::declaration)
                .sorted(Comparator.comparing(ExchangeDeclaration::name)).toList();
    }

    @Override
    public List<Binding> bindings() {
        return topology.bindings().toList();
    }

    @Override
    public boolean has(Binding binding) {
        return topology.has(binding);
    }
}
