package io.taffrail.broker.policy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueType;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The policies of one virtual host, and the arguments they give to its objects. Owner thread only.
 */
public final class PolicySet {

    private final Map<PolicyKind, Map<String, Policy>> byKind = new EnumMap<>(PolicyKind.class);

    /** Creates an empty set. */
    public PolicySet() {
        for (PolicyKind kind : PolicyKind.values()) {
            byKind.put(kind, new TreeMap<>());
        }
    }

    private Map<String, Policy> of(PolicyKind kind) {
        return byKind.getOrDefault(kind, Map.of());
    }

    /** Adds a policy; returns the one with its name that it replaces. */
    public Optional<Policy> set(PolicyKind kind, Policy policy) {
        return Optional.ofNullable(of(kind).put(policy.name(), policy));
    }

    /** Removes a policy and returns it, if it exists. */
    public Optional<Policy> remove(PolicyKind kind, String name) {
        return Optional.ofNullable(of(kind).remove(name));
    }

    /** The policy of this name. */
    public Optional<Policy> find(PolicyKind kind, String name) {
        return Optional.ofNullable(of(kind).get(name));
    }

    /** The policies of one kind, the highest priority first. */
    public List<Policy> all(PolicyKind kind) {
        return byPriority(of(kind).values());
    }

    private static List<Policy> byPriority(Collection<Policy> policies) {
        return policies.stream()
                .sorted(Comparator.comparingLong(Policy::priority).reversed()).toList();
    }

    /** The arguments in effect for a queue. */
    public FieldTable queueArguments(String queue, QueueType type, FieldTable arguments) {
        Map<String, FieldValue> merged = merged(policy -> policy.matchesQueue(queue, type));
        merged.keySet().removeIf(key -> !PolicyKeys.means(key, type));
        return EffectiveArguments.ofQueue(arguments, merged);
    }

    /** The user policy that applies to a queue. */
    public Optional<Policy> ofQueue(String queue, QueueType type) {
        return first(PolicyKind.USER, policy -> policy.matchesQueue(queue, type));
    }

    /** The definitions of the policies that apply to an exchange. */
    public Map<String, FieldValue> ofExchange(String exchange) {
        return merged(policy -> policy.matchesExchange(exchange));
    }

    private Map<String, FieldValue> merged(Predicate<Policy> matches) {
        return EffectiveArguments.merged(first(PolicyKind.USER, matches),
                first(PolicyKind.OPERATOR, matches));
    }

    private Optional<Policy> first(PolicyKind kind, Predicate<Policy> matches) {
        return of(kind).values().stream().filter(matches)
                .max(Comparator.comparingLong(Policy::priority));
    }
}
