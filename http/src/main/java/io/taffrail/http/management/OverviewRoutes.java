package io.taffrail.http.management;

import io.taffrail.broker.exchange.ExchangeType;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.vhost.Inventory.Totals;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.ClientViews.Client;
import io.taffrail.http.management.NodeFacts.NodeListener;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.sample.Series;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The overview, the user's own name and tags, and the name of the cluster. */
final class OverviewRoutes {

    /** The version of RabbitMQ whose API this is; tools choose their requests by it. */
    static final String API_VERSION = "3.10.8";

    private final HostScope scope;
    private final ManagementContext context;
    private final ClientViews clients;

    OverviewRoutes(HostScope scope, ManagementContext context, ClientViews clients) {
        this.clients = clients;
        this.scope = scope;
        this.context = context;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/overview", HttpTag.MANAGEMENT, this::overview)
                .on("GET", "/api/whoami", HttpTag.MANAGEMENT, OverviewRoutes::whoami)
                .on("GET", "/api/cluster-name", HttpTag.MANAGEMENT,
                        _ -> HttpAnswer.json(Map.of("name", context.broker().clusterId())))
                .on("GET", "/api/extensions", HttpTag.MANAGEMENT,
                        _ -> HttpAnswer.json(List.of()));
    }

    private static HttpAnswer whoami(HttpCall call) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", call.user().name());
        object.put("tags", List.copyOf(call.user().tags()));
        return HttpAnswer.json(object);
    }

    static List<Map<String, Object>> exchangeTypes() {
        return Stream.concat(Arrays.stream(ExchangeType.values()).map(ExchangeType::text),
                Stream.of("x-delayed-message", "x-message-deduplication"))
                .map(name -> Map.<String, Object>of("name", name, "description",
                        "exchange type " + name, "enabled", true))
                .toList();
    }

    private HttpAnswer overview(HttpCall call) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("management_version", API_VERSION);
        object.put("rates_mode", "basic");
        object.put("sample_retention_policies", Map.of("global", List.of(600), "basic",
                List.of(600), "detailed", List.of(600)));
        object.put("exchange_types", exchangeTypes());
        object.put("product_version", context.node().version());
        object.put("product_name", "Taffrail");
        object.put("rabbitmq_version", API_VERSION);
        object.put("cluster_name", context.broker().clusterId());
        object.put("disable_stats", false);
        object.put("enable_queue_totals", true);
        totals(call, object);
        object.put("statistics_db_event_queue", 0);
        object.put("node", context.node().name());
        if (call.user().has(HttpTag.MONITORING)) {
            object.put("listeners", context.node().listeners().get().stream()
                    .map(this::listener).toList());
        }
        object.put("contexts", List.of());
        return Listing.of(call, object);
    }

    /** Sums over the virtual hosts that the user may look at. */
    private void totals(HttpCall call, Map<String, @Nullable Object> object) {
        long ready = 0;
        long held = 0;
        long queues = 0;
        long exchanges = 0;
        long consumers = 0;
        HostTraffic traffic = new HostTraffic();
        boolean all = call.user().has(HttpTag.MONITORING);
        for (VirtualHost host : scope.seen(call.user())) {
            Totals totals = HostScope.look(host, it -> it.inventory().totals());
            ready += totals.ready();
            held += totals.held();
            queues += totals.queues();
            exchanges += totals.exchanges();
            consumers += totals.consumers();
            traffic.add(HostScope.look(host, it -> it.inventory().traffic()));
        }
        Rates rates = new Rates(call, clients.clock().millis());
        Optional<Series> series = all
                ? clients.sampler().overview().find("", "")
                : Optional.empty();
        object.put("message_stats", Map.of());
        rates.stats(object, Rates.OF_PUBLISHERS, traffic.total(), series);
        churn(object, traffic);
        Map<String, @Nullable Object> messages = new LinkedHashMap<>();
        rates.depths(messages, ready, held, series);
        object.put("queue_totals", messages);
        List<Client> connections = clients.visible(call);
        Map<String, Object> objects = new LinkedHashMap<>();
        objects.put("channels", connections.stream()
                .mapToInt(it -> it.report().channels().size()).sum());
        objects.put("connections", connections.size());
        objects.put("consumers", consumers);
        objects.put("exchanges", exchanges);
        objects.put("queues", queues);
        object.put("object_totals", objects);
    }

    private void churn(Map<String, @Nullable Object> object, HostTraffic traffic) {
        ConnectionReports.Churn churn = clients.churn();
        Map<String, Object> rates = new LinkedHashMap<>();
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("channel_closed", churn.channelsClosed());
        numbers.put("channel_created", churn.channelsOpened());
        numbers.put("connection_closed", churn.closed());
        numbers.put("connection_created", churn.opened());
        numbers.put("queue_created", traffic.queuesCreated());
        numbers.put("queue_declared", traffic.queuesDeclared());
        numbers.put("queue_deleted", traffic.queuesDeleted());
        numbers.forEach((name, value) -> {
            rates.put(name, value);
            rates.put(name + "_details", Map.of("rate", 0.0));
        });
        object.put("churn_rates", rates);
    }

    private Map<String, Object> listener(NodeListener listener) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("node", context.node().name());
        object.put("protocol", listener.protocol());
        object.put("ip_address", listener.host());
        object.put("port", listener.port());
        object.put("socket_opts", Map.of());
        return object;
    }
}
