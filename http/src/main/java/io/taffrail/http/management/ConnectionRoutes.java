package io.taffrail.http.management;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ClientConnections;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections of clients of all protocols; the same list as {@code taffrail connection list}. */
final class ConnectionRoutes {

    private final HostScope scope;
    private final ManagementContext context;

    ConnectionRoutes(HostScope scope, ManagementContext context) {
        this.scope = scope;
        this.context = context;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/connections", HttpTag.MANAGEMENT, call -> list(call, _ -> true))
                .on("GET", "/api/vhosts/{vhost}/connections", HttpTag.MANAGEMENT, this::ofHost)
                .on("GET", "/api/connections/username/{user}", HttpTag.MANAGEMENT,
                        call -> list(call, it -> call.parameter("user").equals(it.get("user"))))
                .on("DELETE", "/api/connections/username/{user}", HttpTag.MANAGEMENT, call -> {
                    visible(call).stream()
                            .filter(it -> call.parameter("user").equals(it.get("user")))
                            .forEach(this::close);
                    return HttpAnswer.empty(204);
                })
                .on("GET", "/api/connections/{name}", HttpTag.MANAGEMENT,
                        call -> Listing.of(call, one(call)))
                .on("DELETE", "/api/connections/{name}", HttpTag.MANAGEMENT, call -> {
                    close(one(call));
                    return HttpAnswer.empty(204);
                });
    }

    private HttpAnswer list(HttpCall call, Predicate<Map<String, @Nullable Object>> wanted) {
        return Listing.of(call, visible(call).stream().filter(wanted).toList());
    }

    private HttpAnswer ofHost(HttpCall call) {
        String host = scope.seen(call).name();
        return list(call, it -> host.equals(it.get("vhost")));
    }

    /** All connections to somebody who may monitor, to others their own. */
    private List<Map<String, @Nullable Object>> visible(HttpCall call) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        context.heads().forEach((protocol, head) -> head.list()
                .forEach(connection -> list.add(object(protocol, connection))));
        if (!call.user().has(HttpTag.MONITORING)) {
            list.removeIf(it -> !call.user().name().equals(it.get("user")));
        }
        return list;
    }

    private Map<String, @Nullable Object> object(String protocol, ClientConnection connection) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        HostPort peer = HostPort.parse(connection.name());
        HostPort own = HostPort.parse(connection.listener());
        object.put("name", connection.name() + " -> " + connection.listener());
        object.put("node", context.node().name());
        object.put("protocol", protocol.equals("amqp") ? "AMQP 0-9-1" : protocol);
        object.put("type", "network");
        object.put("peer_host", peer.host());
        object.put("peer_port", peer.port());
        object.put("host", own.host());
        object.put("port", own.port());
        object.put("ssl", false);
        connection.client().forEach(object::putIfAbsent);
        return object;
    }

    private Map<String, @Nullable Object> one(HttpCall call) {
        String name = call.parameter("name");
        return visible(call).stream().filter(it -> name.equals(it.get("name"))).findFirst()
                .orElseThrow(HttpProblem::notFound);
    }

    private void close(Map<String, @Nullable Object> connection) {
        String name = new HostPort(String.valueOf(connection.get("peer_host")),
                Integer.parseInt(String.valueOf(connection.get("peer_port")))).toString();
        for (ClientConnections head : context.heads().values()) {
            if (head.close(name)) {
                return;
            }
        }
    }
}
