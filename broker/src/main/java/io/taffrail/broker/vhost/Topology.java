package io.taffrail.broker.vhost;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.Gate;
import io.taffrail.broker.exchange.HistorySpace;
import io.taffrail.broker.exchange.RecentHistory;
import io.taffrail.broker.exchange.Router;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.AnyQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The exchanges, queues and bindings of one virtual host, in memory. Owner thread only. */
final class Topology {

    private static final List<String> PREDECLARED = List.of("direct", "fanout", "topic", "headers");

    private final Map<String, Exchange> exchanges = new HashMap<>();
    private final HistorySpace.Part historyRoom;
    private final Alternates alternates = new Alternates(this::exchange);
    /** Exchanges already taken out of use, whose bindings are being removed. */
    private final Map<String, Exchange> leaving = new HashMap<>();
    private final Map<String, AnyQueue> queues = new LinkedHashMap<>();
    private final Map<String, Set<Binding>> bySource = new HashMap<>();
    private final Map<String, Set<Binding>> toQueues = new HashMap<>();
    private final Map<String, Set<Binding>> toExchanges = new HashMap<>();

    private final DefinitionSpace space;

    /** Creates a topology with the predeclared exchanges. */
    Topology(DefinitionSpace space, HistorySpace.Part histories) {
        this.space = space;
        this.historyRoom = histories;
        add(predeclared("", "direct"));
        for (String type : PREDECLARED) {
            add(predeclared("amq." + type, type));
        }
        add(predeclared("amq.match", "headers"));
        add(new ExchangeDeclaration("amq.rabbitmq.trace", "topic", true, false, true,
                FieldTable.EMPTY));
    }

    private static ExchangeDeclaration predeclared(String name, String type) {
        return new ExchangeDeclaration(name, type, true, false, false, FieldTable.EMPTY);
    }

    Optional<Exchange> exchange(String name) {
        return Optional.ofNullable(exchanges.get(name));
    }

    Collection<Exchange> exchanges() {
        return exchanges.values();
    }

    Optional<AnyQueue> queue(String name) {
        return Optional.ofNullable(queues.get(name));
    }

    Collection<AnyQueue> queues() {
        return queues.values();
    }

    /** Adds an exchange of a known type. */
    void add(ExchangeDeclaration declaration) {
        add(declaration, Router.of(declaration, historyRoom));
    }

    /** Adds an exchange behind a gate. */
    void add(ExchangeDeclaration declaration, Gate gate) {
        add(declaration,
                Router.gated(gate, Router.of(declaration, historyRoom)));
    }

    /** Adds an exchange with a router of its own kind. */
    void add(ExchangeDeclaration declaration, Router router) {
        Exchange exchange = new Exchange(declaration, router);
        Exchange before = exchanges.put(declaration.name(), exchange);
        if (before != null) {
            alternates.remove(before);
            space.removed(DefinitionBytes.of(before.declaration()));
        }
        space.added(DefinitionBytes.of(declaration));
        alternates.add(exchange);
    }

    /** The memory that all definitions use. */
    DefinitionSpace space() {
        return space;
    }

    /** Sets the function that names an exchange's alternate exchange. */
    void alternates(Function<Exchange, Optional<String>> names) {
        alternates.names(names, exchanges.values());
    }

    void add(AnyQueue queue) {
        queues.put(queue.name(), queue);
        space.added(DefinitionBytes.of(queue.declaration()));
        defaultRouter().add(byName(queue.name()), queue);
    }

    /** Replaces a queue with another of the same name; every binding leads to the new one. */
    void replace(AnyQueue before, AnyQueue queue) {
        Set<Binding> bindings = toQueues.getOrDefault(queue.name(), Set.of());
        for (Binding binding : bindings) {
            source(binding).router().remove(binding, before);
        }
        defaultRouter().remove(byName(queue.name()), before);
        space.removed(DefinitionBytes.of(before.declaration()));
        add(queue);
        for (Binding binding : bindings) {
            source(binding).router().add(binding, queue);
        }
    }

    /** All bindings to an exchange and from it; one that is both may be listed twice. */
    List<Binding> ofExchange(String name) {
        List<Binding> bindings = new ArrayList<>(toExchanges.getOrDefault(name, Set.of()));
        bindings.addAll(bySource.getOrDefault(name, Set.of()));
        return bindings;
    }

    /** Number of bindings with this exchange as their source. */
    int fromExchange(String name) {
        return bySource.getOrDefault(name, Set.of()).size();
    }

    /**
     * Takes an exchange out of use: it is no longer found by messages and requests. All its
     * bindings are to be removed before {@link #left}.
     */
    void leave(String name) {
        Exchange exchange = exchanges.remove(name);
        if (exchange != null) {
            exchange.router().history().ifPresent(RecentHistory::clear);
            alternates.remove(exchange);
            leaving.put(name, exchange);
        }
    }

    /** Drops an exchange that was taken out of use and has no bindings left. */
    void left(String name) {
        Exchange exchange = leaving.remove(name);
        if (exchange != null) {
            space.removed(DefinitionBytes.of(exchange.declaration()));
        }
    }

    /** The bindings to a queue. */
    List<Binding> toQueue(String name) {
        return List.copyOf(toQueues.getOrDefault(name, Set.of()));
    }

    /** Removes a queue without bindings. */
    void removeQueue(String name) {
        AnyQueue queue = queues.remove(name);
        if (queue != null) {
            space.removed(DefinitionBytes.of(queue.declaration()));
            defaultRouter().remove(byName(name), queue);
        }
    }

    private Router defaultRouter() {
        return exchange("").orElseThrow().router();
    }

    /** The implicit binding of a queue to the default exchange, which is not listed. */
    private static Binding byName(String queue) {
        return new Binding("", queue, true, queue, FieldTable.EMPTY);
    }

    /** All bindings except those of the default exchange. */
    Stream<Binding> bindings() {
        return bySource.values().stream().flatMap(Set::stream);
    }

    boolean has(Binding binding) {
        return bySource.getOrDefault(binding.source(), Set.of()).contains(binding);
    }

    /** Adds a new binding; both of its ends must exist. */
    void add(Binding binding) {
        bySource.computeIfAbsent(binding.source(), _ -> new LinkedHashSet<>()).add(binding);
        destinations(binding).computeIfAbsent(binding.destination(), _ -> new LinkedHashSet<>())
                .add(binding);
        space.added(DefinitionBytes.of(binding));
        source(binding).router().add(binding, destination(binding));
    }

    /** Removes a binding; does nothing if it does not exist. */
    void remove(Binding binding) {
        if (!has(binding)) {
            return;
        }
        space.removed(DefinitionBytes.of(binding));
        source(binding).router().remove(binding, destination(binding));
        remove(bySource, binding.source(), binding);
        remove(destinations(binding), binding.destination(), binding);
    }

    private static void remove(Map<String, Set<Binding>> index, String name, Binding binding) {
        index.computeIfPresent(name, (_, bindings) -> {
            bindings.remove(binding);
            return bindings.isEmpty() ? null : bindings;
        });
    }

    private Map<String, Set<Binding>> destinations(Binding binding) {
        return binding.toQueue() ? toQueues : toExchanges;
    }

    private Exchange source(Binding binding) {
        return present(binding.source());
    }

    private Exchange present(String exchange) {
        return exchange(exchange).or(() -> Optional.ofNullable(leaving.get(exchange)))
                .orElseThrow();
    }

    private Destination destination(Binding binding) {
        String name = binding.destination();
        return binding.toQueue() ? queue(name).orElseThrow() : present(name);
    }

    /** Whether the exchange is the source of a binding. */
    boolean isSource(String exchange) {
        return bySource.containsKey(exchange);
    }

    /** Whether both ends of a binding survive a restart. */
    boolean isDurable(Binding binding) {
        boolean source = source(binding).declaration().durable();
        boolean destination = binding.toQueue()
                ? isKept(queue(binding.destination()).orElseThrow())
                : exchange(binding.destination()).orElseThrow().declaration().durable();
        return source && destination;
    }

    /** Whether a queue survives a restart: it is durable and not exclusive. */
    static boolean isKept(AnyQueue queue) {
        return queue.declaration().durable() && queue.exclusiveTo().isEmpty();
    }
}
