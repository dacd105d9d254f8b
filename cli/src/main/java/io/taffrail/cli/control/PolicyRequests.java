package io.taffrail.cli.control;

import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.vhost.VirtualHosts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Handles requests to set, clear and list policies. */
final class PolicyRequests {

    private final VirtualHosts hosts;

    PolicyRequests(VirtualHosts hosts) {
        this.hosts = hosts;
    }

    private static PolicyKind kind(Map<?, ?> request) {
        return Boolean.TRUE.equals(request.get("operator"))
                ? PolicyKind.OPERATOR
                : PolicyKind.USER;
    }

    void set(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        Policy policy = PolicyRules.policy(kind(request), fields.text("name"),
                fields.text("pattern"), fields.text("apply_to", ""), fields.number("priority", 0),
                PlainTables.read(fields.object("definition")));
        var _ = fields.inHost(hosts, host -> host.policies().set(kind(request), policy));
        answer.accept(Map.of("created", policy.name()));
    }

    void clear(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        var _ = fields.inHost(hosts, host -> host.policies().clear(kind(request), name));
        answer.accept(Map.of("deleted", name));
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        List<Policy> policies = new ControlFields(request).inHost(hosts,
                host -> CompletableFuture.completedFuture(host.policies().list(kind(request))));
        policies.forEach(policy -> answer.accept(object(policy)));
    }

    private static Map<String, Object> object(Policy policy) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", policy.name());
        object.put("pattern", policy.pattern().text());
        object.put("apply_to", policy.applyTo().text());
        object.put("priority", policy.priority());
        object.put("definition", PlainTables.plain(policy.definition()));
        return object;
    }
}
