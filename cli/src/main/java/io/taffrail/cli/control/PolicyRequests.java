package io.taffrail.cli.control;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.vhost.VirtualHosts;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sets, clears and lists policies. */
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
        Fields fields = new Fields(request);
        Policy policy = PolicyRules.policy(kind(request), fields.text("name"),
                fields.text("pattern"), fields.text("apply-to", ""), fields.number("priority", 0),
                table(fields.object("definition")));
        var _ = fields.inHost(hosts, host -> host.policies().set(kind(request), policy));
        answer.accept(Map.of("done", true));
    }

    void clear(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        Fields fields = new Fields(request);
        String name = fields.text("name");
        var _ = fields.inHost(hosts, host -> host.policies().clear(kind(request), name));
        answer.accept(Map.of("done", true));
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        List<Policy> policies = new Fields(request).inHost(hosts,
                host -> CompletableFuture.completedFuture(host.policies().list(kind(request))));
        policies.forEach(policy -> answer.accept(object(policy)));
    }

    private static Map<String, Object> object(Policy policy) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", policy.name());
        object.put("pattern", policy.pattern().pattern());
        object.put("apply-to", policy.applyTo().text());
        object.put("priority", policy.priority());
        Map<String, Object> definition = new LinkedHashMap<>();
        policy.definition().entries().forEach((key, value) -> definition.put(key, plain(value)));
        object.put("definition", definition);
        return object;
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Bool(boolean it) -> it;
            default -> value.number().<Object>map(it -> it).orElse(value.toString());
        };
    }

    private static Table table(Map<?, ?> object) {
        Map<String, Value> entries = new LinkedHashMap<>();
        object.forEach((key, value) -> entries.put(String.valueOf(key), value(value)));
        return Table.of(entries);
    }

    private static Value value(@Nullable Object value) {
        return switch (value) {
            case null -> new Value.None();
            case String text -> new Value.Text(text);
            case Boolean it -> new Value.Bool(it);
            case BigDecimal number -> number(number);
            case Map<?, ?> object -> new Value.TableOf(table(object));
            case List<?> list -> new Value.ListOf(list.stream().map(PolicyRequests::value)
                    .toList());
            default -> throw new IllegalArgumentException("a value of unknown kind: " + value);
        };
    }

    private static Value number(BigDecimal number) {
        try {
            return new Value.Int64(number.longValueExact());
        } catch (ArithmeticException _) {
            return new Value.Float64(number.doubleValue());
        }
    }
}
