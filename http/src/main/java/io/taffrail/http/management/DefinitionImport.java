package io.taffrail.http.management;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.user.Permissions;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One import of a definitions file. The whole file is checked first: against itself and against
 * what exists. If anything is wrong, nothing is changed and the answer lists all of it. Then the
 * objects are created one after another, hosts and users first; existing ones stay. After a crash
 * the objects before it are there, and the import can be repeated. Used by one thread.
 */
final class DefinitionImport {

    /** Number of problems that an answer lists. */
    private static final int MAX_PROBLEMS = 100;

    private final Broker broker;
    private final UserRoutes users;
    private final PermissionRoutes permissions;
    private final Optional<String> onlyHost;
    private final List<String> problems = new ArrayList<>();
    private final List<Runnable> steps = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();
    private final Set<String> userNames = new HashSet<>();

    /**
     * @param onlyHost
     *            the virtual host of all objects, if the file has those of one
     */
    DefinitionImport(Broker broker, UserRoutes users, PermissionRoutes permissions,
            Optional<String> onlyHost) {
        this.broker = broker;
        this.users = users;
        this.permissions = permissions;
        this.onlyHost = onlyHost;
        broker.virtualHosts().all().forEach(host -> hosts.add(host.name()));
        userNames.addAll(users.names());
    }

    void load(HttpFields file) {
        if (onlyHost.isEmpty()) {
            each(file, "vhosts", this::host);
            each(file, "users", this::user);
            each(file, "permissions", this::permissions);
        }
        unsupported("topic_permissions", file.list("topic_permissions"));
        unsupported("parameters", file.list("parameters").stream()
                .filter(it -> !isEmptyLimit(it)).toList());
        each(file, "policies", this::policy);
        each(file, "queues", this::queue);
        each(file, "exchanges", this::exchange);
        each(file, "bindings", this::binding);
        if (!problems.isEmpty()) {
            throw HttpProblem.badRequest(problems);
        }
        steps.forEach(Runnable::run);
    }

    private void each(HttpFields file, String kind, Consumer<HttpFields> check) {
        for (Object object : file.list(kind)) {
            try {
                if (!(object instanceof Map<?, ?> map)) {
                    throw HttpProblem.badRequest("not an object");
                }
                check.accept(new HttpFields(map));
            } catch (HttpProblem | BrokerException | IllegalArgumentException e) {
                wrong(kind + ": " + e.getMessage() + " in " + name(object));
            }
        }
    }

    private static String name(Object object) {
        return object instanceof Map<?, ?> map
                ? String.valueOf(map.containsKey("name") ? map.get("name") : map.get("source"))
                : String.valueOf(object);
    }

    private void wrong(String problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    /** Whether it is what RabbitMQ leaves behind of a limit that was cleared. */
    private static boolean isEmptyLimit(Object parameter) {
        return parameter instanceof Map<?, ?> map
                && String.valueOf(map.get("component")).endsWith("-limits")
                && new HttpFields(map).map("value").isEmpty();
    }

    private void unsupported(String kind, List<?> objects) {
        if (!objects.isEmpty()) {
            wrong(kind + ": not supported");
        }
    }

    private void host(HttpFields fields) {
        fields.require("name");
        String name = fields.text("name", "");
        String type = fields.text("default_queue_type", "undefined");
        Optional<QueueType> wanted = QueueType.find(type);
        if (wanted.isEmpty() && !type.equals("undefined")) {
            throw HttpProblem.badRequest("unknown queue type '" + type + "'");
        }
        hosts.add(name);
        steps.add(() -> broker.virtualHosts().create(name, wanted).join());
    }

    private void user(HttpFields fields) {
        fields.require("name", "tags");
        String name = fields.text("name", "");
        String algorithm = fields.text("hashing_algorithm", "rabbit_password_hashing_sha256");
        if (!algorithm.equals("rabbit_password_hashing_sha256")
                && !algorithm.equals("scram_sha_256") && fields.has("password_hash")) {
            throw HttpProblem.badRequest("hashes of " + algorithm + " are not supported");
        }
        var _ = UserRoutes.password(fields);
        userNames.add(name);
        steps.add(() -> users.put(name, fields));
    }

    private void permissions(HttpFields fields) {
        fields.require("user", "vhost", "configure", "write", "read");
        String user = fields.text("user", "");
        String host = hostOf(fields);
        if (!userNames.contains(user)) {
            throw HttpProblem.badRequest("no user '" + user + "'");
        }
        var _ = Permissions.of(fields.text("configure", ""), fields.text("write", ""),
                fields.text("read", ""));
        steps.add(() -> {
            // Users of the configuration have all permissions already.
            if (broker.users().has(user)) {
                permissions.put(user, host, fields);
            }
        });
    }

    private String hostOf(HttpFields fields) {
        String name = onlyHost.orElseGet(() -> fields.text("vhost", "/"));
        if (!hosts.contains(name)) {
            throw HttpProblem.badRequest("no vhost '" + name + "'");
        }
        return name;
    }

    private VirtualHost open(String name) {
        return broker.virtualHosts().find(name).orElseThrow(HttpProblem::notFound);
    }

    private void policy(HttpFields fields) {
        fields.require("name");
        String host = hostOf(fields);
        Policy policy = PolicyRoutes.policy(PolicyKind.USER, fields.text("name", ""), fields);
        steps.add(() -> PolicyRoutes.put(open(host), policy, PolicyKind.USER));
    }

    private void queue(HttpFields fields) {
        fields.require("name");
        String host = hostOf(fields);
        QueueDeclaration wanted = new QueueDeclaration(fields.text("name", ""),
                fields.flag("durable", true), false, fields.flag("auto_delete", false),
                fields.table("arguments"));
        ObjectNames.check(wanted.name());
        broker.virtualHosts().find(host).flatMap(it -> HostScope.look(it,
                in -> in.inventory().queue(wanted.name()))).ifPresent(existing -> {
                    if (existing.declaration().durable() != wanted.durable()
                            || existing.declaration().autoDelete() != wanted.autoDelete()) {
                        throw HttpProblem.badRequest("another queue of this name exists");
                    }
                });
        steps.add(() -> HostScope.in(open(host),
                it -> it.declareQueue(wanted, QueueRoutes.SESSION)));
    }

    private void exchange(HttpFields fields) {
        fields.require("name", "type");
        String host = hostOf(fields);
        ExchangeDeclaration wanted = new ExchangeDeclaration(fields.text("name", ""),
                fields.text("type", ""), fields.flag("durable", true),
                fields.flag("auto_delete", false), fields.flag("internal", false),
                fields.table("arguments"));
        ObjectNames.check(wanted.name());
        if (wanted.routing().isEmpty()) {
            throw HttpProblem.badRequest("unknown exchange type '" + wanted.type() + "'");
        }
        broker.virtualHosts().find(host).flatMap(it -> HostScope.look(it,
                in -> in.inventory().exchange(wanted.name()))).ifPresent(existing -> {
                    if (!existing.type().equals(wanted.type())) {
                        throw HttpProblem.badRequest("another exchange of this name exists");
                    }
                });
        steps.add(() -> HostScope.in(open(host), it -> it.declareExchange(wanted)));
    }

    private void binding(HttpFields fields) {
        fields.require("source", "destination", "destination_type");
        String host = hostOf(fields);
        String kind = fields.text("destination_type", "");
        if (!kind.equals("queue") && !kind.equals("exchange")) {
            throw HttpProblem.badRequest("unknown destination type '" + kind + "'");
        }
        Binding wanted = new Binding(fields.text("source", ""), fields.text("destination", ""),
                kind.equals("queue"), fields.text("routing_key", ""),
                fields.table("arguments"));
        steps.add(() -> HostScope.in(open(host), it -> it.bind(wanted, QueueRoutes.SESSION)));
    }
}
