package io.taffrail.http.management;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.vhost.Inventory.Totals;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.management.ClientViews.Client;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.sample.Numbers;
import io.taffrail.http.sample.Samples;
import io.taffrail.http.sample.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Virtual hosts: list, show, create, delete. */
final class VhostRoutes {

    private final HostScope scope;
    private final VirtualHosts hosts;
    private final ClientViews clients;

    VhostRoutes(HostScope scope, VirtualHosts hosts, ClientViews clients) {
        this.scope = scope;
        this.hosts = hosts;
        this.clients = clients;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/vhosts", HttpTag.MANAGEMENT,
                call -> {
                    List<Client> connections = clients.all();
                    return Listing.of(call, scope.seen(call.user()).stream()
                            .map(host -> object(host, connections, call)).toList());
                })
                .on("GET", "/api/vhosts/{vhost}", HttpTag.MANAGEMENT,
                        call -> Listing.of(call, object(scope.seen(call), clients.all(), call)))
                .on("PUT", "/api/vhosts/{vhost}", HttpTag.ADMINISTRATOR, this::create)
                .on("DELETE", "/api/vhosts/{vhost}", HttpTag.ADMINISTRATOR, this::delete);
    }

    private Map<String, @Nullable Object> object(VirtualHost host, List<Client> connections,
            HttpCall call) {
        Totals totals = HostScope.look(host, it -> it.inventory().totals());
        String type = host.defaultQueueType().map(QueueType::argument).orElse("undefined");
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", host.name());
        object.put("description", "");
        object.put("tags", List.of());
        object.put("default_queue_type", type);
        object.put("metadata", Map.of("description", "", "tags", List.of()));
        object.put("tracing", false);
        object.put("cluster_state", Map.of(clients.node().name(), "running"));
        Rates rates = new Rates(call, clients.clock().millis());
        Samples sampled = clients.sampler().hosts();
        Optional<Series> series = rates.wantsSamples()
                ? sampled.watch(host.name(), "")
                : sampled.find(host.name(), "");
        rates.depths(object, totals.ready(), totals.held(), series);
        long[] octets = ClientViews.octets(connections, host.name());
        rates.octets(object, octets[0], octets[1], series, Numbers.RECEIVED);
        rates.stats(object, Rates.OF_PUBLISHERS,
                HostScope.look(host, it -> it.inventory().traffic()).total(), series);
        return object;
    }

    private HttpAnswer create(HttpCall call) {
        HttpFields fields = call.fields();
        String name = call.parameter("vhost");
        String type = fields.text("default_queue_type",
                fields.text("defaultqueuetype", "undefined"));
        Optional<QueueType> wanted = type.isEmpty() || type.equals("undefined")
                ? Optional.empty()
                : Optional.of(QueueType.find(type).orElseThrow(() -> HttpProblem
                        .badRequest("unknown queue type '" + type + "'")));
        if (fields.flag("tracing", false)) {
            throw HttpProblem.badRequest("tracing is not supported");
        }
        boolean existed = hosts.find(name).isPresent();
        var _ = hosts.create(name, wanted).join();
        return HttpAnswer.changed(!existed);
    }

    private HttpAnswer delete(HttpCall call) {
        String name = call.parameter("vhost");
        if (hosts.find(name).isEmpty()) {
            throw HttpProblem.notFound();
        }
        var _ = hosts.delete(name).join();
        return HttpAnswer.empty(204);
    }
}
