package io.taffrail.http.management;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.Inventory.ExchangeTraffic;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.sample.Samples;
import io.taffrail.http.sample.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Exchanges: list, show, declare, delete. */
final class ExchangeRoutes {

    private record Placed(VirtualHost host, ExchangeDeclaration exchange,
            Map<String, ExchangeTraffic> traffic) {}

    private final HostScope scope;
    private final ClientViews clients;

    ExchangeRoutes(HostScope scope, ClientViews clients) {
        this.clients = clients;
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/exchanges", HttpTag.MANAGEMENT, this::list)
                .on("GET", "/api/exchanges/{vhost}", HttpTag.MANAGEMENT, this::list)
                .on("GET", "/api/exchanges/{vhost}/{name}", HttpTag.MANAGEMENT, this::show)
                .on("PUT", "/api/exchanges/{vhost}/{name}", HttpTag.MANAGEMENT, this::declare)
                .on("DELETE", "/api/exchanges/{vhost}/{name}", HttpTag.MANAGEMENT, this::delete);
    }

    private HttpAnswer list(HttpCall call) {
        List<Placed> list = new ArrayList<>();
        for (VirtualHost host : scope.listed(call)) {
            Map<String, ExchangeTraffic> traffic = traffic(host);
            HostScope.look(host, it -> it.inventory().exchanges())
                    .forEach(exchange -> list.add(new Placed(host, exchange, traffic)));
        }
        return Listing.of(call, Shown.of(list,
                it -> withTraffic(call, it.host(), it.exchange(), it.traffic())));
    }

    private static Map<String, ExchangeTraffic> traffic(VirtualHost host) {
        return HostScope.look(host, it -> it.inventory().exchangeTraffic()).stream()
                .collect(Collectors.toMap(ExchangeTraffic::name, it -> it));
    }

    private Map<String, @Nullable Object> withTraffic(HttpCall call, VirtualHost host,
            ExchangeDeclaration exchange, Map<String, ExchangeTraffic> traffic) {
        Map<String, @Nullable Object> object = object(host, exchange);
        ExchangeTraffic passed = traffic.get(exchange.name());
        if (passed != null && passed.in() > 0) {
            Rates rates = new Rates(call, clients.clock().millis());
            Samples sampled = clients.sampler().exchanges();
            Optional<Series> series = rates.wantsSamples()
                    ? sampled.watch(host.name(), exchange.name())
                    : sampled.find(host.name(), exchange.name());
            Map<String, @Nullable Object> stats = new LinkedHashMap<>();
            rates.messages(stats, "publish_in", passed.in(), series, 0);
            rates.messages(stats, "publish_out", passed.out(), series, 1);
            object.put("message_stats", stats);
        }
        return object;
    }

    static Map<String, @Nullable Object> object(VirtualHost host, ExchangeDeclaration exchange) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", exchange.name());
        object.put("vhost", host.name());
        object.put("type", exchange.type());
        object.put("durable", exchange.durable());
        object.put("auto_delete", exchange.autoDelete());
        object.put("internal", exchange.internal());
        object.put("arguments", PlainTables.plain(exchange.arguments()));
        return object;
    }

    private HttpAnswer show(HttpCall call) {
        VirtualHost host = scope.seen(call);
        Map<String, @Nullable Object> object = withTraffic(call, host,
                existing(host, name(call)), traffic(host));
        object.put("incoming", List.of());
        object.put("outgoing", List.of());
        return Listing.of(call, object);
    }

    private static String name(HttpCall call) {
        return ObjectNames.exchange(call.parameter("name"));
    }

    static ExchangeDeclaration existing(VirtualHost host, String name) {
        return HostScope.look(host, it -> it.inventory().exchange(name))
                .orElseThrow(HttpProblem::notFound);
    }

    private HttpAnswer declare(HttpCall call) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        ExchangeDeclaration wanted = new ExchangeDeclaration(name(call),
                fields.text("type", "direct"), fields.flag("durable", false),
                fields.flag("auto_delete", false), fields.flag("internal", false),
                fields.table("arguments"));
        ObjectNames.check(wanted.name());
        new HostRights(HostScope.access(call, host)).declare(wanted);
        boolean existed = HostScope.in(host, it -> {
            boolean before = it.inventory().exchange(wanted.name()).isPresent();
            return it.declareExchange(wanted).thenApply(_ -> before);
        });
        return HttpAnswer.changed(!existed);
    }

    private HttpAnswer delete(HttpCall call) {
        VirtualHost host = scope.used(call);
        String name = name(call);
        var _ = existing(host, name);
        HostScope.access(call, host).exchange(Permission.CONFIGURE, name);
        HostScope.run(host, it -> it.deleteExchange(name, call.flag("if-unused")));
        return HttpAnswer.empty(204);
    }
}
