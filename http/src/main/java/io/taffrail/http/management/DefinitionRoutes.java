package io.taffrail.http.management;

import io.taffrail.broker.Broker;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Definitions: all users, virtual hosts, permissions, policies, queues, exchanges and bindings as
 * one file, in RabbitMQ's form. Exports leave out what a broker has by itself, and topics.
 */
final class DefinitionRoutes {

    private final Broker broker;
    private final HostScope scope;
    private final UserRoutes users;
    private final PermissionRoutes permissions;

    DefinitionRoutes(Broker broker, UserRoutes users, PermissionRoutes permissions) {
        this.broker = broker;
        this.scope = new HostScope(broker.virtualHosts());
        this.users = users;
        this.permissions = permissions;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/definitions", HttpTag.ADMINISTRATOR, call -> all())
                .on("POST", "/api/definitions", HttpTag.ADMINISTRATOR,
                        call -> load(call, Optional.empty()))
                .on("GET", "/api/definitions/{vhost}", HttpTag.POLICYMAKER, this::ofHost)
                .on("POST", "/api/definitions/{vhost}", HttpTag.ADMINISTRATOR,
                        call -> load(call, Optional.of(scope.used(call).name())));
    }

    private HttpAnswer all() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("rabbit_version", OverviewRoutes.API_VERSION);
        object.put("rabbitmq_version", OverviewRoutes.API_VERSION);
        object.put("product_name", "Taffrail");
        object.put("users", broker.users().names().stream().map(users::object).toList());
        object.put("vhosts", broker.virtualHosts().all().stream().map(DefinitionRoutes::host)
                .toList());
        object.put("permissions", permissions.all((user, _) -> broker.users().has(user)));
        object.put("topic_permissions", List.of());
        object.put("parameters", List.of());
        object.put("global_parameters", List.of());
        objects(List.copyOf(broker.virtualHosts().all()), true, object);
        return file(object);
    }

    private static Map<String, Object> host(VirtualHost host) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", host.name());
        host.defaultQueueType().map(QueueType::argument)
                .ifPresent(type -> object.put("default_queue_type", type));
        return object;
    }

    private HttpAnswer ofHost(HttpCall call) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("rabbit_version", OverviewRoutes.API_VERSION);
        object.put("parameters", List.of());
        objects(List.of(scope.seen(call)), false, object);
        return file(object);
    }

    private static HttpAnswer file(Map<String, Object> object) {
        return HttpAnswer.json(object).with("content-disposition",
                "attachment; filename=definitions.json");
    }

    /** The objects of hosts, each made when it is written. */
    private static void objects(List<VirtualHost> hosts, boolean named,
            Map<String, Object> object) {
        List<Supplier<Map<String, @Nullable Object>>> policies = new ArrayList<>();
        List<Supplier<Map<String, @Nullable Object>>> queues = new ArrayList<>();
        List<Supplier<Map<String, @Nullable Object>>> exchanges = new ArrayList<>();
        List<Supplier<Map<String, @Nullable Object>>> bindings = new ArrayList<>();
        for (VirtualHost host : hosts) {
            PolicyRoutes.all(host, PolicyKind.USER).forEach(it -> policies.add(
                    () -> new LinkedHashMap<>(it)));
            QueueRoutes.entries(host).stream().map(it -> it.declaration())
                    .filter(it -> !it.exclusive())
                    .forEach(it -> queues.add(() -> QueueRoutes.declared(host, it)));
            HostScope.look(host, it -> it.inventory().exchanges()).stream()
                    .filter(it -> !it.name().isEmpty() && !it.name().startsWith("amq."))
                    .forEach(it -> exchanges.add(() -> ExchangeRoutes.object(host, it)));
            BindingRoutes.stored(host)
                    .forEach(it -> bindings.add(() -> BindingRoutes.object(host, it)));
        }
        object.put("policies", shown(policies, named));
        object.put("queues", shown(queues, named));
        object.put("exchanges", shown(exchanges, named));
        object.put("bindings", shown(bindings, named));
    }

    private static List<Map<String, @Nullable Object>> shown(
            List<Supplier<Map<String, @Nullable Object>>> objects, boolean named) {
        return Shown.of(objects, it -> {
            Map<String, @Nullable Object> object = it.get();
            object.remove("properties_key");
            if (!named) {
                object.remove("vhost");
            }
            return object;
        });
    }

    private HttpAnswer load(HttpCall call, Optional<String> host) {
        HttpFields file = call.fields();
        new DefinitionImport(broker, users, permissions, host).load(file);
        return HttpAnswer.empty(204);
    }
}
