package io.taffrail.http.management;

import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queues: list, show, declare, delete, purge. Topics' partitions are shown as streams. */
final class QueueRoutes {

    static final Session SESSION = new Session("management API");
    /** Queues looked at in one task of a host's owner. */
    private static final int QUEUES_AT_ONCE = 256;

    private final HostScope scope;
    private final NodeFacts node;
    private final ClientViews clients;

    QueueRoutes(HostScope scope, ClientViews clients) {
        this.scope = scope;
        this.clients = clients;
        this.node = clients.node();
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/queues", HttpTag.MANAGEMENT, this::list)
                .on("GET", "/api/queues/{vhost}", HttpTag.MANAGEMENT, this::list)
                .on("GET", "/api/queues/{vhost}/{name}", HttpTag.MANAGEMENT, this::show)
                .on("PUT", "/api/queues/{vhost}/{name}", HttpTag.MANAGEMENT, this::declare)
                .on("DELETE", "/api/queues/{vhost}/{name}", HttpTag.MANAGEMENT, this::delete)
                .on("DELETE", "/api/queues/{vhost}/{name}/contents", HttpTag.MANAGEMENT,
                        this::purge)
                .on("POST", "/api/queues/{vhost}/{name}/actions", HttpTag.ADMINISTRATOR,
                        this::act);
    }

    private HttpAnswer list(HttpCall call) {
        List<Placed> list = new ArrayList<>();
        Rates rates = new Rates(call, clients.clock().millis());
        for (VirtualHost host : scope.listed(call)) {
            list.addAll(entries(host).stream().map(entry -> new Placed(host, entry)).toList());
        }
        boolean brief = call.flag("disable_stats");
        return Listing.of(call, Shown.of(list, it -> object(it.host(), it.entry()),
                (entries, objects) -> {
                    if (!brief) {
                        addFigures(entries, objects, rates);
                    }
                }));
    }

    /** A queue in a list, whose figures are added only if it is shown. */
    private record Placed(VirtualHost host, QueueEntry entry) {}

    private void addFigures(List<Placed> queues, List<Map<String, @Nullable Object>> objects,
            Rates rates) {
        QueueFields figures = new QueueFields(clients.sampler(), rates);
        OldestMessages oldest = new OldestMessages();
        Map<VirtualHost, List<QueueEntry>> byHost = new LinkedHashMap<>();
        queues.forEach(it -> byHost.computeIfAbsent(it.host(), _ -> new ArrayList<>())
                .add(it.entry()));
        Map<VirtualHost, Map<String, Long>> times = new LinkedHashMap<>();
        byHost.forEach((host, entries) -> times.put(host, oldest.of(host, entries)));
        for (int index = 0; index < queues.size(); index++) {
            Placed it = queues.get(index);
            figures.add(objects.get(index), it.host(), it.entry(), times
                    .getOrDefault(it.host(), Map.of()).get(it.entry().declaration().name()));
        }
    }

    /** All queues of a host by name, looked at in several tasks so that its owner can do others. */
    static List<QueueEntry> entries(VirtualHost host) {
        List<String> names = HostScope.look(host, it -> it.inventory().queueNames())
                .stream().sorted().toList();
        List<QueueEntry> entries = new ArrayList<>(names.size());
        for (int from = 0; from < names.size(); from += QUEUES_AT_ONCE) {
            List<String> some = names.subList(from,
                    Math.min(names.size(), from + QUEUES_AT_ONCE));
            entries.addAll(HostScope.look(host, it -> some.stream()
                    .flatMap(name -> it.inventory().queue(name).stream()).toList()));
        }
        return entries;
    }

    /** A queue as it was declared. */
    static Map<String, @Nullable Object> declared(VirtualHost host, QueueDeclaration declared) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", declared.name());
        object.put("vhost", host.name());
        object.put("durable", declared.durable());
        object.put("auto_delete", declared.autoDelete());
        object.put("arguments", PlainTables.plain(declared.arguments()));
        return object;
    }

    private Map<String, @Nullable Object> object(VirtualHost host, QueueEntry queue) {
        QueueDeclaration declared = queue.declaration();
        long ready = queue.depth().ready();
        long held = queue.depth().held();
        Map<String, @Nullable Object> object = declared(host, declared);
        object.put("type", queue.type().argument());
        object.put("exclusive", declared.exclusive());
        object.put("node", node.name());
        object.put("state", queue.quarantine().isPresent() ? "crashed" : "running");
        object.put("consumers", queue.consumers());
        object.put("messages", ready + held);
        object.put("messages_ready", ready);
        object.put("messages_unacknowledged", held);
        object.put("policy", queue.policy().orElse(null));
        object.put("message_bytes",
                queue.figures().readyBytes() + queue.figures().heldBytes());
        if (queue.type() != QueueType.CLASSIC) {
            object.put("leader", node.name());
            object.put("members", List.of(node.name()));
            object.put("online", List.of(node.name()));
        }
        return object;
    }

    private HttpAnswer show(HttpCall call) {
        VirtualHost host = scope.seen(call);
        QueueEntry queue = existing(host, call.parameter("name"));
        Map<String, @Nullable Object> object = object(host, queue);
        String name = queue.declaration().name();
        new QueueFields(clients.sampler(), new Rates(call, clients.clock().millis())).add(object,
                host, queue, new OldestMessages().of(host, List.of(queue)).get(name));
        List<Map<String, @Nullable Object>> consumers = clients.consumers(clients.all(),
                host.name(), Optional.of(name));
        object.put("consumer_details", consumers);
        object.put("exclusive_consumer_tag", consumers.stream()
                .filter(it -> Boolean.TRUE.equals(it.get("exclusive")))
                .map(it -> it.get("consumer_tag")).findFirst().orElse(null));
        object.put("single_active_consumer_tag", queue.singleActive()
                ? consumers.stream().filter(it -> Boolean.TRUE.equals(it.get("active")))
                        .map(it -> it.get("consumer_tag")).findFirst().orElse(null)
                : null);
        object.put("incoming", List.of());
        object.put("deliveries", List.of());
        return Listing.of(call, object);
    }

    static QueueEntry existing(VirtualHost host, String name) {
        return HostScope.look(host, it -> it.inventory().queue(name))
                .orElseThrow(HttpProblem::notFound);
    }

    private HttpAnswer declare(HttpCall call) {
        VirtualHost host = scope.used(call);
        HttpFields fields = call.fields();
        QueueDeclaration wanted = new QueueDeclaration(call.parameter("name"),
                fields.flag("durable", false), false, fields.flag("auto_delete", false),
                fields.table("arguments"));
        ObjectNames.check(wanted.name());
        new HostRights(HostScope.access(call, host)).declare(wanted);
        boolean existed = HostScope.in(host, it -> {
            Optional<QueueEntry> before = it.inventory().queue(wanted.name());
            return it.declareQueue(wanted, SESSION).thenApply(_ -> before.isPresent());
        });
        return HttpAnswer.changed(!existed);
    }

    private HttpAnswer delete(HttpCall call) {
        VirtualHost host = scope.used(call);
        String name = call.parameter("name");
        QueueEntry queue = existing(host, name);
        HostScope.access(call, host).queue(Permission.CONFIGURE, name);
        if (call.flag("if-empty") && queue.depth().ready() + queue.depth().held() > 0) {
            throw HttpProblem.badRequest("queue '" + name + "' in vhost '" + host.name()
                    + "' not empty");
        }
        HostScope.run(host, it -> it.deleteQueue(name, SESSION, call.flag("if-unused"),
                call.flag("if-empty")));
        return HttpAnswer.empty(204);
    }

    private HttpAnswer purge(HttpCall call) {
        VirtualHost host = scope.used(call);
        String name = call.parameter("name");
        var _ = existing(host, name);
        HostScope.access(call, host).queue(Permission.READ, name);
        HostScope.run(host, it -> it.purgeQueue(name, SESSION));
        return HttpAnswer.empty(204);
    }

    /** Mirrors do not exist here, so that there is nothing to synchronise. */
    private HttpAnswer act(HttpCall call) {
        VirtualHost host = scope.used(call);
        var _ = existing(host, call.parameter("name"));
        String action = call.fields().text("action", "");
        if (!action.equals("sync") && !action.equals("cancel_sync")) {
            throw HttpProblem.badRequest(List.of("unknown_action", action));
        }
        return HttpAnswer.empty(204);
    }
}
