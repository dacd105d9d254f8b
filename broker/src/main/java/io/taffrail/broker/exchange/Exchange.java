package io.taffrail.broker.exchange;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An existing exchange with its outgoing bindings. Owner thread only. */
public final class Exchange extends Destination {

    private final ExchangeDeclaration declaration;
    private final Router router;
    private long in;
    private long out;
    private @Nullable Exchange alternate;
    private Optional<String> alternateName = Optional.empty();

    public Exchange(ExchangeDeclaration declaration, Router router) {
        this.declaration = declaration;
        this.router = router;
    }

    public String name() {
        return declaration.name();
    }

    /** The declaration of the exchange. */
    public ExchangeDeclaration declaration() {
        return declaration;
    }

    /** The outgoing bindings, indexed as the type of exchange matches them. */
    public Router router() {
        return router;
    }

    /** Counts messages published to this exchange, and the copies of them that queues got. */
    public void passed(long messages, long copies) {
        in += messages;
        out += copies;
    }

    /** Messages published to this exchange, without those that other exchanges passed on. */
    public long in() {
        return in;
    }

    /** Copies of them that were routed to queues. */
    public long out() {
        return out;
    }

    /** Name of the alternate exchange, which need not exist. */
    public Optional<String> alternateName() {
        return alternateName;
    }

    /** Sets the name of the alternate exchange, from arguments or policies. */
    public void alternateName(Optional<String> name) {
        alternateName = name;
    }

    /**
     * The alternate exchange, which gets messages that match no binding; empty if there is none.
     */
    public Optional<Exchange> alternate() {
        return Optional.ofNullable(alternate);
    }

    /** Sets the alternate exchange; it is resolved again whenever the topology changes. */
    public void alternate(Optional<Exchange> exchange) {
        alternate = exchange.orElse(null);
    }

    @Override
    protected void reach(Walk walk) {
        walk.lead(this);
    }
}
