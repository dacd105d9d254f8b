package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeArguments;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.exchange.PartitionRouter;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.spi.Owner;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The requests that declare and delete exchanges. Owner thread only. */
final class ExchangeChanges {

    private static final String DELAYED_TYPE = "x-delayed-type";
    private static final String ALTERNATE = "alternate-exchange";
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Topology topology;
    private final TopologyStore store;
    private final Delays delays;
    private final Deduplication deduplication;
    private final Leftovers leftovers;
    private final HostRefusals refusals;
    private final Steps steps;
    private final Owner owner;

    ExchangeChanges(Topology topology, TopologyStore store, Delays delays,
            Deduplication deduplication, HostRefusals refusals, Steps steps, Owner owner) {
        this.owner = owner;
        this.delays = delays;
        this.deduplication = deduplication;
        this.topology = topology;
        this.store = store;
        this.leftovers = new Leftovers(store, owner);
        this.refusals = refusals;
        this.steps = steps;
    }

    CompletableFuture<Void> declare(ExchangeDeclaration wanted) {
        if (wanted.name().isEmpty()) {
            throw refusals.defaultExchange();
        }
        if (wanted.isDelayed() && wanted.routing().isEmpty()) {
            throw HostRefusals.precondition("Invalid argument, 'x-delayed-type' must be an existing"
                    + " exchange type");
        }
        if (wanted.routing().isEmpty()) {
            throw HostRefusals.precondition((wanted.type().isEmpty() ? "invalid" : "unknown")
                    + " exchange type '" + wanted.type() + "'");
        }
        ExchangeArguments.problem(wanted).ifPresent(problem -> {
            throw HostRefusals.precondition(problem);
        });
        Optional<Exchange> present = topology.exchange(wanted.name());
        if (present.isPresent()) {
            checkSame(wanted, present.get().declaration());
            return DONE;
        }
        if (wanted.name().startsWith("amq.")) {
            throw refusals.reserved("exchange", wanted.name());
        }
        wanted.arguments().get(ALTERNATE).ifPresent(value -> {
            if (!(value instanceof FieldValue.Text)) {
                throw HostRefusals.precondition("invalid type '" + value.typeName() + "' for arg '"
                        + ALTERNATE + "' in " + refusals.exchange(wanted.name()));
            }
        });
        topology.space().check(DefinitionBytes.of(wanted), refusals.exchange(wanted.name()));
        CompletableFuture<Void> ready = add(wanted, deduplication::open)
                .thenCompose(_ -> wanted.isDelayed() ? delays.open() : DONE);
        return wanted.durable()
                ? ready.thenCompose(_ -> leftovers.removed())
                        .thenCompose(_ -> store.put(store.exchangeKey(wanted.name()),
                                new Stored.OfExchange(wanted)))
                        .exceptionallyComposeAsync(cause -> undone(wanted.name(), cause), owner)
                : ready;
    }

    /** An exchange that is not stored is none: whoever declares it once more is told so too. */
    private CompletableFuture<Void> undone(String name, Throwable cause) {
        return removal().exchange(name).forget()
                .thenCompose(_ -> CompletableFuture.failedFuture(cause));
    }

    /**
     * Adds an exchange found in the store to the topology; completes on the owner's thread when it
     * is usable. Delayed messages are opened later, when their targets exist.
     */
    CompletableFuture<Void> load(ExchangeDeclaration exchange) {
        return add(exchange, deduplication::load);
    }

    /** Adds an exchange to the topology; completes on the owner's thread when it is usable. */
    private CompletableFuture<Void> add(ExchangeDeclaration exchange,
            Function<ExchangeDeclaration, CompletableFuture<Gate>> marks) {
        if (exchange.isDeduplicating()) {
            return marks.apply(exchange).thenAccept(gate -> topology.add(exchange, gate));
        }
        topology.add(exchange);
        return DONE;
    }

    private void checkSame(ExchangeDeclaration wanted, ExchangeDeclaration current) {
        String object = refusals.exchange(wanted.name());
        HostRefusals.same("type", object, wanted.type(), current.type());
        HostRefusals.same("durable", object, wanted.durable(), current.durable());
        HostRefusals.same("auto_delete", object, wanted.autoDelete(), current.autoDelete());
        HostRefusals.same("internal", object, wanted.internal(), current.internal());
        HostRefusals.same(DELAYED_TYPE, object, wanted.arguments().get(DELAYED_TYPE),
                current.arguments().get(DELAYED_TYPE));
        HostRefusals.same(ALTERNATE, object, wanted.arguments().get(ALTERNATE),
                current.arguments().get(ALTERNATE));
    }

    CompletableFuture<Void> check(String name) {
        if (name.isEmpty()) {
            throw refusals.defaultExchange();
        }
        if (topology.exchange(name).isEmpty()) {
            throw refusals.noExchange(name);
        }
        return DONE;
    }

    CompletableFuture<Void> delete(String name, boolean ifUnused) {
        if (name.isEmpty()) {
            throw refusals.defaultExchange();
        }
        if (name.startsWith("amq.")) {
            throw new BrokerException(BrokerError.ACCESS_REFUSED,
                    "deletion of system " + refusals.exchange(name) + " not allowed");
        }
        if (topology.exchange(name).isEmpty()) {
            return DONE;
        }
        if (topology.exchange(name).get().router() instanceof PartitionRouter) {
            throw HostRefusals.accessRefused(refusals.exchange(name)
                    + " is a topic, which is deleted as a topic");
        }
        if (ifUnused && topology.isSource(name)) {
            throw HostRefusals.precondition(refusals.exchange(name) + " in use");
        }
        return removal().exchange(name).run();
    }

    /** Returns a new removal of exchanges and bindings. */
    Removal removal() {
        return new Removal(topology, store, leftovers, steps, owner, deduplication::deleted);
    }

    /** Bindings in the store that have lost an end. */
    Leftovers leftovers() {
        return leftovers;
    }
}
