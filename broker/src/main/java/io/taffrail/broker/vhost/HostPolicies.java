package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.Policies;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicySet;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueArguments;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueSettings;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.stream.StreamArguments;
import io.taffrail.broker.stream.StreamQueue;
import io.taffrail.log.LogOptions;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.text.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of one virtual host, and their application to its queues and exchanges. Owner thread
 * only.
 */
final class HostPolicies implements Policies {

    private static final Logger LOG = LoggerFactory.getLogger(HostPolicies.class);
    private static final String ALTERNATE = "alternate-exchange";

    private final Topology topology;
    private final TopologyStore store;
    /** Changes of policies, one at a time; queues are declared and deleted beside them. */
    private final Serial serial;
    private final HostRefusals refusals;
    private final Steps steps;
    private final PolicySet policies = new PolicySet();
    private final Owner owner;
    private Consumer<AnyQueue> onChange = _ -> {};

    HostPolicies(Topology topology, TopologyStore store, HostRefusals refusals, Steps steps,
            Owner owner) {
        this.owner = owner;
        this.topology = topology;
        this.store = store;
        this.serial = new Serial(owner);
        this.refusals = refusals;
        this.steps = steps;
    }

    /** Sets the listener that is told of each queue when policies have changed. */
    void onChange(Consumer<AnyQueue> listener) {
        onChange = listener;
    }

    HostRefusals refusals() {
        return refusals;
    }

    /** Loads stored policies, before any queue or exchange is loaded. */
    void load() {
        for (PolicyKind kind : PolicyKind.values()) {
            store.policies(kind).forEach(policy -> put(kind, policy));
        }
        topology.alternates(this::alternate);
    }

    /**
     * The settings of a queue under its arguments and policies.
     *
     * @throws BrokerException
     *             if an argument is invalid
     */
    QueueSettings settings(QueueDeclaration declaration) {
        String object = refusals.queue(declaration.name());
        QueueSettings own = QueueArguments.read(declaration, object);
        QueueDeclaration effective = effective(declaration, own.type());
        return effective.equals(declaration) ? own : QueueArguments.read(effective, object);
    }

    /**
     * The retention of a stream under its arguments and policies.
     *
     * @throws BrokerException
     *             if an argument is invalid
     */
    LogOptions retention(QueueDeclaration declaration) {
        return StreamArguments.read(effective(declaration, QueueType.STREAM),
                refusals.queue(declaration.name()));
    }

    private QueueDeclaration effective(QueueDeclaration wanted, QueueType type) {
        var arguments = policies.queueArguments(wanted.name(), type, wanted.arguments());
        return arguments.equals(wanted.arguments())
                ? wanted
                : new QueueDeclaration(wanted.name(), wanted.durable(), wanted.exclusive(),
                        wanted.autoDelete(), arguments);
    }

    /** The name of the user policy that applies to a queue. */
    Optional<String> nameFor(AnyQueue queue) {
        return policies.ofQueue(queue.name(), queue.settings().type()).map(Policy::name);
    }

    /** The name of the exchange's alternate: its argument, else a policy's. */
    private Optional<String> alternate(Exchange exchange) {
        return exchange.declaration().arguments().get(ALTERNATE)
                .or(() -> Optional
                        .ofNullable(policies.ofExchange(exchange.name()).get(ALTERNATE)))
                .flatMap(value -> value instanceof FieldValue.Text(String text)
                        ? Optional.of(text)
                        : Optional.empty());
    }

    @Override
    public CompletableFuture<Void> set(PolicyKind kind, Policy policy) {
        return serial.change(() -> {
            Optional<Policy> before = policies.find(kind, policy.name());
            topology.space().check(DefinitionBytes.of(policy)
                    - before.map(DefinitionBytes::of).orElse(0L),
                    "policy '" + policy.name() + "'");
            put(kind, policy);
            return apply().thenCompose(_ -> store.put(store.policyKey(kind, policy.name()),
                    new Stored.OfPolicy(policy)))
                    .exceptionallyComposeAsync(cause -> undone(kind, policy, before)
                            .thenCompose(_ -> CompletableFuture.failedFuture(cause)), owner);
        });
    }

    /** Restores the policy that was there before a change that a queue or the store refused. */
    private CompletableFuture<Void> undone(PolicyKind kind, Policy policy,
            Optional<Policy> before) {
        before.ifPresentOrElse(it -> put(kind, it), () -> policies.remove(kind, policy.name())
                .ifPresent(it -> topology.space().removed(DefinitionBytes.of(it))));
        return apply().exceptionally(cause -> {
            LOG.error("POL-001 what policy '{}' has changed before it failed could not be undone",
                    Printable.of(policy.name()), cause);
            return null;
        });
    }

    private void put(PolicyKind kind, Policy policy) {
        topology.space().added(DefinitionBytes.of(policy));
        policies.set(kind, policy)
                .ifPresent(it -> topology.space().removed(DefinitionBytes.of(it)));
    }

    @Override
    public CompletableFuture<Void> clear(PolicyKind kind, String name) {
        return serial.change(() -> {
            Policy removed = policies.remove(kind, name)
                    .orElseThrow(() -> new BrokerException(BrokerError.OBJECT_NOT_FOUND,
                            "no policy '" + name + "'"));
            topology.space().removed(DefinitionBytes.of(removed));
            return apply()
                    .thenCompose(_ -> store.delete(List.of(store.policyKey(kind, name))))
                    .exceptionallyComposeAsync(cause -> undone(kind, removed, Optional.of(removed))
                            .thenCompose(_ -> CompletableFuture.failedFuture(cause)), owner);
        });
    }

    /**
     * Applies the current policies to every queue, in steps; completes when all queues behave under
     * them. A queue that is opened meanwhile is {@linkplain #refresh refreshed}.
     */
    private CompletableFuture<Void> apply() {
        topology.alternates(this::alternate);
        Deque<AnyQueue> left = new ArrayDeque<>(topology.queues());
        List<CompletableFuture<Void>> loading = new ArrayList<>();
        return steps.work(budget -> {
            while (!left.isEmpty() && !budget.isSpent()) {
                budget.spend(0);
                AnyQueue queue = left.remove();
                if (topology.queue(queue.name()).equals(Optional.of(queue))) {
                    apply(queue);
                    CompletableFuture<Void> loaded = queue.load();
                    if (!loaded.isDone()) {
                        loading.add(loaded);
                    }
                }
            }
            return left.isEmpty();
        }).thenCompose(_ -> CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new)));
    }

    /**
     * Brings a queue that is not in the topology yet under the current policies.
     *
     * @return done if the queue follows them, and can be added to the topology at once; otherwise
     *         completes when it may be refreshed again, or with the reason why it cannot follow
     */
    CompletableFuture<Void> refresh(AnyQueue queue) {
        try {
            if (queue instanceof StreamQueue
                    || !queue.settings().equals(settings(queue.declaration()))) {
                apply(queue);
                return queue.load();
            }
            return CompletableFuture.completedFuture(null);
        } catch (BrokerException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Runs a change behind which there are no changes of policies. */
    <T> CompletableFuture<T> last(Supplier<CompletableFuture<T>> change) {
        return serial.change(change);
    }

    /** Refuses changes from now on. */
    void end() {
        serial.close(refusals::noHost);
    }

    private void apply(AnyQueue queue) {
        queue.apply(settings(queue.declaration()));
        if (queue instanceof StreamQueue stream) {
            stream.retain(retention(queue.declaration()));
        }
        onChange.accept(queue);
    }

    @Override
    public List<Policy> list(PolicyKind kind) {
        return policies.all(kind);
    }
}
