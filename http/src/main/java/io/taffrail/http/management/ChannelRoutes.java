package io.taffrail.http.management;

import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.ClientViews.Client;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Channels and consumers: list and show. */
final class ChannelRoutes {

    private final HostScope scope;
    private final ClientViews clients;

    ChannelRoutes(HostScope scope, ClientViews clients) {
        this.scope = scope;
        this.clients = clients;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/channels", HttpTag.MANAGEMENT, call -> list(call, _ -> true))
                .on("GET", "/api/channels/{name}", HttpTag.MANAGEMENT, this::show)
                .on("GET", "/api/vhosts/{vhost}/channels", HttpTag.MANAGEMENT, call -> {
                    String host = scope.seen(call).name();
                    return list(call, it -> it.fact("vhost").equals(Optional.of(host)));
                })
                .on("GET", "/api/connections/{name}/channels", HttpTag.MANAGEMENT,
                        this::ofConnection)
                .on("GET", "/api/consumers", HttpTag.MANAGEMENT, this::consumers)
                .on("GET", "/api/consumers/{vhost}", HttpTag.MANAGEMENT, this::consumers);
    }

    private HttpAnswer list(HttpCall call, Predicate<Client> wanted) {
        Rates rates = new Rates(call, clients.clock().millis());
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        clients.visible(call).stream().filter(wanted)
                .forEach(client -> client.report().channels().forEach(
                        channel -> list.add(clients.channel(client, channel, rates, false))));
        return Listing.of(call, list);
    }

    private HttpAnswer ofConnection(HttpCall call) {
        String name = call.parameter("name");
        if (clients.visible(call).stream().noneMatch(it -> it.name().equals(name))) {
            throw HttpProblem.notFound();
        }
        return list(call, it -> it.name().equals(name));
    }

    private HttpAnswer show(HttpCall call) {
        Rates rates = new Rates(call, clients.clock().millis());
        for (Client client : clients.visible(call)) {
            for (ChannelReport channel : client.report().channels()) {
                if (client.channel(channel).equals(call.parameter("name"))) {
                    return Listing.of(call, clients.channel(client, channel, rates, true));
                }
            }
        }
        throw HttpProblem.notFound();
    }

    private HttpAnswer consumers(HttpCall call) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        List<VirtualHost> hosts = scope.listed(call);
        List<Client> all = clients.all();
        hosts.forEach(host -> list.addAll(clients.consumers(all, host.name(), Optional.empty())));
        return Listing.of(call, list);
    }
}
