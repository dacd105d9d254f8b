package io.taffrail.http.management;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exchanges: list, show, declare, delete. */
final class ExchangeRoutes {

    private final HostScope scope;

    ExchangeRoutes(HostScope scope) {
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
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (VirtualHost host : scope.listed(call)) {
            HostScope.look(host, it -> it.inventory().exchanges())
                    .forEach(exchange -> list.add(object(host, exchange)));
        }
        return Listing.of(call, list);
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
        return Listing.of(call, object(host, existing(host, name(call))));
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
                PlainTables.read(fields.map("arguments")));
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
