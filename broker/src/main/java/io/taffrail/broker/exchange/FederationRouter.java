package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A router for the upstream end of a federation link ({@code x-federation-upstream}). It matches
 * every binding, unless the message's {@code x-received-from} header has as many hops as the link
 * allows, or names the downstream, which then has the message already.
 */
final class FederationRouter implements Router {

    static final String MAX_HOPS = "x-max-hops";
    private static final String DOWNSTREAM = "x-downstream-name";
    private static final String DOWNSTREAM_HOST = "x-downstream-vhost";
    private static final String RECEIVED_FROM = "x-received-from";

    private final Routes all = new Routes();
    private final long maxHops;
    private final Optional<FieldValue> cluster;
    private final Optional<FieldValue> host;

    private FederationRouter(long maxHops, Optional<FieldValue> cluster,
            Optional<FieldValue> host) {
        this.maxHops = maxHops;
        this.cluster = cluster;
        this.host = host;
    }

    static FederationRouter of(ExchangeDeclaration exchange) {
        FieldTable arguments = exchange.arguments();
        return new FederationRouter(
                arguments.get(MAX_HOPS).flatMap(FieldValue::number).orElse(Long.MAX_VALUE),
                arguments.get(DOWNSTREAM), arguments.get(DOWNSTREAM_HOST));
    }

    /** The reason why an exchange's arguments are refused, in the words of RabbitMQ's plugin. */
    static Optional<String> problem(FieldTable arguments) {
        return switch (arguments.get(MAX_HOPS).orElse(null)) {
            case null -> Optional.of("Argument x-max-hops missing");
            case FieldValue.Int64 _ -> Optional.empty();
            default -> Optional.of("Argument x-max-hops must be of type long");
        };
    }

    @Override
    public void add(Binding binding, Destination destination) {
        all.add(destination);
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        all.remove(destination);
    }

    @Override
    public boolean isByKey() {
        return false;
    }

    @Override
    public void route(Walk walk) {
        if (isNew(walk.properties().headers())) {
            all.match(walk);
        }
    }

    private boolean isNew(FieldTable headers) {
        if (!(headers.get(RECEIVED_FROM)
                .orElse(null) instanceof FieldValue.ListOf(List<FieldValue> hops))) {
            return true;
        }
        return hops.size() < maxHops && hops.stream().noneMatch(this::isDownstream);
    }

    private boolean isDownstream(FieldValue hop) {
        if (!(hop instanceof FieldValue.TableOf(FieldTable table))) {
            return false;
        }
        Map<String, FieldValue> entries = table.entries();
        return cluster.isPresent() && host.isPresent()
                && Objects.equals(entries.get("cluster-name"), cluster.get())
                && Objects.equals(entries.get("vhost"), host.get());
    }
}
