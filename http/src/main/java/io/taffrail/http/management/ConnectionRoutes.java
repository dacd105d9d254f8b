package io.taffrail.http.management;

import io.taffrail.http.management.ClientViews.Client;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.net.ClientConnections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections of clients of all protocols. */
final class ConnectionRoutes {

    private final HostScope scope;
    private final ClientViews clients;
    private final Map<String, ClientConnections> heads;

    ConnectionRoutes(HostScope scope, ClientViews clients, Map<String, ClientConnections> heads) {
        this.scope = scope;
        this.clients = clients;
        this.heads = heads;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/connections", HttpTag.MANAGEMENT, call -> list(call, _ -> true))
                .on("GET", "/api/vhosts/{vhost}/connections", HttpTag.MANAGEMENT, this::ofHost)
                .on("GET", "/api/connections/username/{user}", HttpTag.MANAGEMENT,
                        call -> list(call, ofUser(call)))
                .on("DELETE", "/api/connections/username/{user}", HttpTag.MANAGEMENT, call -> {
                    clients.visible(call).stream().filter(ofUser(call)).forEach(this::close);
                    return HttpAnswer.empty(204);
                })
                .on("GET", "/api/connections/{name}", HttpTag.MANAGEMENT,
                        call -> Listing.of(call, clients.connection(one(call), rates(call))))
                .on("DELETE", "/api/connections/{name}", HttpTag.MANAGEMENT, call -> {
                    close(one(call));
                    return HttpAnswer.empty(204);
                });
    }

    private Rates rates(HttpCall call) {
        return new Rates(call, clients.clock().millis());
    }

    private static Predicate<Client> ofUser(HttpCall call) {
        return it -> it.fact("user").equals(Optional.of(call.parameter("user")));
    }

    private HttpAnswer list(HttpCall call, Predicate<Client> wanted) {
        Rates rates = rates(call);
        List<Map<String, @Nullable Object>> list = clients.visible(call).stream().filter(wanted)
                .map(it -> clients.connection(it, rates)).toList();
        return Listing.of(call, list);
    }

    private HttpAnswer ofHost(HttpCall call) {
        String host = scope.seen(call).name();
        return list(call, it -> it.fact("vhost").equals(Optional.of(host)));
    }

    private Client one(HttpCall call) {
        String name = call.parameter("name");
        return clients.visible(call).stream().filter(it -> name.equals(it.name())).findFirst()
                .orElseThrow(HttpProblem::notFound);
    }

    private void close(Client client) {
        for (ClientConnections head : heads.values()) {
            if (head.close(client.report().client())) {
                return;
            }
        }
    }
}
