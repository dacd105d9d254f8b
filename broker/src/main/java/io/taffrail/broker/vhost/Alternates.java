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
 * Links exchanges to their alternate exchanges, by name, as both come and go: a change costs what
 * it concerns, not a look at all exchanges. Owner thread only.
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

    /** Sets what says where messages go that no binding of an exchange takes. */
    void names(Function<Exchange, Optional<String>> next, Collection<Exchange> all) {
        names = next;
        byAlternate.clear();
        all.forEach(this::lead);
    }

    /** An exchange is in use, in the place of another of its name or newly. */
    void add(Exchange exchange) {
        lead(exchange);
        led(exchange.name(), Optional.of(exchange));
    }

    /** An exchange is not in use any more. */
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
