package io.taffrail.http.management;

import io.taffrail.broker.Broker;
import io.taffrail.http.management.NodeFacts.NodeListener;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node and its health checks. Memory is the Java heap; a check fails with 503 and its reason.
 */
final class NodeRoutes {

    private final Broker broker;
    private final NodeFacts node;

    NodeRoutes(Broker broker, NodeFacts node) {
        this.broker = broker;
        this.node = node;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/nodes", HttpTag.MONITORING,
                call -> Listing.of(call, List.of(object())))
                .on("GET", "/api/nodes/{node}", HttpTag.MONITORING, call -> {
                    own(call);
                    return Listing.of(call, object());
                })
                .on("GET", "/api/nodes/{node}/memory", HttpTag.MONITORING, call -> {
                    own(call);
                    return HttpAnswer.json(Map.of("memory", memory()));
                });
        String checks = "/api/health/checks/";
        routes.on("GET", checks + "alarms", HttpTag.MANAGEMENT, _ -> storage())
                .on("GET", checks + "local-alarms", HttpTag.MANAGEMENT, _ -> storage())
                .on("GET", checks + "virtual-hosts", HttpTag.MANAGEMENT, _ -> queues())
                .on("GET", checks + "port-listener/{port}", HttpTag.MANAGEMENT, this::port)
                .on("GET", checks + "protocol-listener/{protocol}", HttpTag.MANAGEMENT,
                        this::protocol)
                .on("GET", "/api/healthchecks/node", HttpTag.MANAGEMENT, _ -> storage())
                .on("GET", "/api/healthchecks/node/{node}", HttpTag.MANAGEMENT, call -> {
                    own(call);
                    return storage();
                })
                .on("POST", "/api/rebalance/queues", HttpTag.ADMINISTRATOR,
                        _ -> HttpAnswer.empty(204));
        // There is no TLS, so that no certificate can expire.
        routes.on("GET", checks + "certificate-expiration/{within}/{unit}", HttpTag.MANAGEMENT,
                _ -> ok());
        for (String single : List.of("node-is-quorum-critical",
                "node-is-mirror-sync-critical")) {
            routes.on("GET", checks + single, HttpTag.MANAGEMENT, _ -> HttpAnswer.json(
                    Map.of("status", "ok", "reason", "single node cluster")));
        }
    }

    private void own(HttpCall call) {
        if (!call.parameter("node").equals(node.name())) {
            throw HttpProblem.notFound();
        }
    }

    private static MemoryUsage heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    }

    private static Map<String, Object> memory() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("heap", heap().getUsed());
        object.put("total", Map.of("heap", heap().getCommitted()));
        return object;
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", node.name());
        object.put("type", "disc");
        object.put("running", true);
        object.put("partitions", List.of());
        object.put("os_pid", String.valueOf(ProcessHandle.current().pid()));
        object.put("uptime", Duration.between(node.started(), broker.clock().instant())
                .toMillis());
        object.put("processors", Runtime.getRuntime().availableProcessors());
        object.put("mem_used", heap().getUsed());
        object.put("mem_limit", heap().getMax());
        object.put("mem_alarm", false);
        broker.engine().usableBytes().ifPresent(bytes -> object.put("disk_free", bytes));
        object.put("disk_free_alarm", broker.engine().failure().isPresent());
        object.put("proc_used", ManagementFactory.getThreadMXBean().getThreadCount());
        object.put("rates_mode", "basic");
        object.put("exchange_types", OverviewRoutes.exchangeTypes());
        object.put("auth_mechanisms", List.of());
        object.put("applications", List.of());
        object.put("contexts", List.of());
        object.put("db_dir", broker.engine().location());
        object.put("being_drained", false);
        return object;
    }

    private static HttpAnswer ok() {
        return HttpAnswer.json(Map.of("status", "ok"));
    }

    private static HttpAnswer failed(Map<String, Object> more) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("status", "failed");
        object.putAll(more);
        return HttpAnswer.json(503, object);
    }

    private HttpAnswer storage() {
        return broker.engine().failure()
                .map(cause -> failed(Map.of("reason", "the storage has failed")))
                .orElseGet(NodeRoutes::ok);
    }

    private HttpAnswer queues() {
        return broker.quarantined().isEmpty()
                ? ok()
                : failed(Map.of("reason", "queues are quarantined", "virtual-hosts",
                        broker.quarantined().stream().map(it -> it.virtualHost()).distinct()
                                .toList()));
    }

    private HttpAnswer port(HttpCall call) {
        List<Integer> ports = node.listeners().get().stream().map(NodeListener::port).toList();
        int port;
        try {
            port = Integer.parseInt(call.parameter("port"));
        } catch (NumberFormatException _) {
            throw HttpProblem.badRequest("Invalid port number");
        }
        return ports.contains(port)
                ? HttpAnswer.json(Map.of("status", "ok", "port", port))
                : failed(Map.of("reason", "No active listener", "missing", port, "ports",
                        ports));
    }

    private HttpAnswer protocol(HttpCall call) {
        List<String> protocols = node.listeners().get().stream().map(NodeListener::protocol)
                .toList();
        String wanted = call.parameter("protocol");
        String name = wanted.equals("amqp091") || wanted.equals("amqp0.9.1") ? "amqp" : wanted;
        return protocols.contains(name)
                ? HttpAnswer.json(Map.of("status", "ok", "protocol", wanted))
                : failed(Map.of("reason", "No active listener", "missing", wanted, "protocols",
                        protocols));
    }
}
