package io.taffrail.broker.exchange;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange that is there, with the bindings that leave it. Owner thread only. */
public final class Exchange extends Destination {

    private final ExchangeDeclaration declaration;
    private final Router router;
    private @Nullable Exchange alternate;
    private Optional<String> alternateName = Optional.empty();

    public Exchange(ExchangeDeclaration declaration, Router router) {
        this.declaration = declaration;
        this.router = router;
    }

    public String name() {
        return declaration.name();
    }

    /** As it was declared. */
    public ExchangeDeclaration declaration() {
        return declaration;
    }

    /** Its bindings, by what the type makes of them. */
    public Router router() {
        return router;
    }

    /** Name of the exchange that gets what no binding takes, which need not be there. */
    public Optional<String> alternateName() {
        return alternateName;
    }

    /** Sets the name, out of arguments and policies. */
    public void alternateName(Optional<String> name) {
        alternateName = name;
    }

    /** Where a message goes that no binding takes. */
    public Optional<Exchange> alternate() {
        return Optional.ofNullable(alternate);
    }

    /** Sets where unbound messages go; the exchange is looked up whenever topology changes. */
    public void alternate(Optional<Exchange> exchange) {
        alternate = exchange.orElse(null);
    }

    @Override
    protected void reach(Walk walk) {
        walk.lead(this);
    }
}
