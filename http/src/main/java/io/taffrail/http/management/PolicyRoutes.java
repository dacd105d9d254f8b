package io.taffrail.http.management;

import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
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

/** Policies and operator policies of virtual hosts. */
final class PolicyRoutes {

    private final HostScope scope;

    PolicyRoutes(HostScope scope) {
        this.scope = scope;
    }

    void register(HttpRoutes routes) {
        kind(routes, "/api/policies", PolicyKind.USER, HttpTag.POLICYMAKER);
        kind(routes, "/api/operator-policies", PolicyKind.OPERATOR, HttpTag.ADMINISTRATOR);
    }

    private void kind(HttpRoutes routes, String path, PolicyKind kind, HttpTag changes) {
        String one = path + "/{vhost}/{name}";
        routes.on("GET", path, HttpTag.MANAGEMENT, call -> list(call, kind))
                .on("GET", path + "/{vhost}", HttpTag.MANAGEMENT, call -> list(call, kind))
                .on("GET", one, HttpTag.MANAGEMENT, call -> show(call, kind))
                .on("PUT", one, changes, call -> put(call, kind))
                .on("DELETE", one, changes, call -> delete(call, kind));
    }

    private HttpAnswer list(HttpCall call, PolicyKind kind) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (VirtualHost host : scope.listed(call)) {
            list.addAll(all(host, kind));
        }
        return Listing.of(call, list);
    }

    static List<Map<String, @Nullable Object>> all(VirtualHost host, PolicyKind kind) {
        return HostScope.look(host, it -> it.policies().list(kind)).stream()
                .map(policy -> object(host, policy)).toList();
    }

    private static Map<String, @Nullable Object> object(VirtualHost host, Policy policy) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("vhost", host.name());
        object.put("name", policy.name());
        object.put("pattern", policy.pattern().text());
        object.put("apply-to", policy.applyTo().text());
        object.put("definition", PlainTables.plain(policy.definition()));
        object.put("priority", policy.priority());
        return object;
    }

    private static Optional<Policy> find(VirtualHost host, PolicyKind kind, String name) {
        return HostScope.look(host, it -> it.policies().list(kind)).stream()
                .filter(policy -> policy.name().equals(name)).findFirst();
    }

    private HttpAnswer show(HttpCall call, PolicyKind kind) {
        VirtualHost host = scope.seen(call);
        return Listing.of(call, find(host, kind, call.parameter("name"))
                .map(policy -> object(host, policy)).orElseThrow(HttpProblem::notFound));
    }

    private HttpAnswer put(HttpCall call, PolicyKind kind) {
        VirtualHost host = scope.used(call);
        String name = call.parameter("name");
        boolean existed = find(host, kind, name).isPresent();
        put(host, policy(kind, name, call.fields()), kind);
        return HttpAnswer.changed(!existed);
    }

    static Policy policy(PolicyKind kind, String name, HttpFields fields) {
        fields.require("pattern", "definition");
        return PolicyRules.policy(kind, name, fields.text("pattern", ""),
                fields.text("apply-to", ""), fields.number("priority", 0),
                fields.table("definition"));
    }

    static void put(VirtualHost host, Policy policy, PolicyKind kind) {
        HostScope.run(host, it -> it.policies().set(kind, policy));
    }

    private HttpAnswer delete(HttpCall call, PolicyKind kind) {
        VirtualHost host = scope.used(call);
        String name = call.parameter("name");
        if (find(host, kind, name).isEmpty()) {
            throw HttpProblem.notFound();
        }
        HostScope.run(host, it -> it.policies().clear(kind, name));
        return HttpAnswer.empty(204);
    }
}
