package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Exchange;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The links from exchanges to their alternate exchanges, resolved by name as exchanges are declared
 * and deleted. An index by alternate name keeps the cost of a change proportional to the links it
 * affects. Owner thread only.
 */
final class Alternates {

    private final Function<String, Optional<Exchange>> exchanges;
    private final Map<String, Set<Exchange>> byAlternate = new HashMap<>();
    private Function<Exchange, Optional<String>> names = _ -> Optional.empty();

    /**
     * @param exchanges
     *            finds an exchange that is in use
     */
    Alternates(Function<String, Optional<Exchange>> exchanges) {
        this.exchanges = exchanges;
    }

    /**
     * Sets the function that names an exchange's alternate exchange, and links all exchanges anew.
     *
     * @param next
     *            the alternate's name, from arguments or policies; empty if there is none
     */
    void names(Function<Exchange, Optional<String>> next, Collection<Exchange> all) {
        names = next;
        byAlternate.clear();
        all.forEach(this::lead);
    }

    /** Links an exchange that was declared, or that replaces another of its name. */
    void add(Exchange exchange) {
        lead(exchange);
        led(exchange.name(), Optional.of(exchange));
    }

    /** Unlinks an exchange that was deleted. */
    void remove(Exchange exchange) {
        exchange.alternateName().ifPresent(name -> byAlternate.computeIfPresent(name,
                (_, all) -> all.remove(exchange) && all.isEmpty() ? null : all));
        led(exchange.name(), Optional.empty());
    }

    private void lead(Exchange exchange) {
        Optional<String> name = names.apply(exchange);
        exchange.alternateName(name);
        exchange.alternate(name.flatMap(exchanges));
        name.ifPresent(to -> byAlternate.computeIfAbsent(to, _ -> new LinkedHashSet<>())
                .add(exchange));
    }

    private void led(String name, Optional<Exchange> to) {
        byAlternate.getOrDefault(name, Set.of()).forEach(each -> each.alternate(to));
    }
}
