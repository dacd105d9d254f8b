package io.taffrail.broker.policy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The combination of arguments and policies: of two limits the lower one applies; otherwise a
 * client's argument precedes the policy.
 */
final class EffectiveArguments {

    private static final Set<String> LEAST = Set.of("message-ttl", "expires", "max-length",
            "max-length-bytes", "max-in-memory-length", "max-in-memory-bytes", "delivery-limit",
            "target-group-size", "consumer-timeout");
    private static final String DEAD_LETTER_KEY = "x-dead-letter-routing-key";

    private EffectiveArguments() {}

    /** Merges the definitions of both policies. */
    static Map<String, FieldValue> merged(Optional<Policy> user, Optional<Policy> operator) {
        Map<String, FieldValue> merged = new LinkedHashMap<>();
        user.ifPresent(policy -> merged.putAll(policy.definition().entries()));
        operator.ifPresent(policy -> policy.definition().entries()
                .forEach((key, value) -> merged.merge(key, value,
                        (mine, theirs) -> less(key, mine, theirs))));
        return merged;
    }

    /** The arguments of a queue together with those from policies. */
    static FieldTable ofQueue(FieldTable arguments, Map<String, FieldValue> definition) {
        if (definition.isEmpty()) {
            return arguments;
        }
        Map<String, FieldValue> effective = new LinkedHashMap<>(arguments.entries());
        definition.forEach((key, value) -> effective.merge(
                key.startsWith("x-") ? key : "x-" + key, value,
                (own, policy) -> LEAST.contains(key) ? less(key, own, policy) : own));
        if (!effective.containsKey("x-dead-letter-exchange")) {
            effective.remove(DEAD_LETTER_KEY);
        }
        return FieldTable.of(effective);
    }

    /** The lower limit; a delivery limit below 0 means no limit. */
    private static FieldValue less(String key, FieldValue one, FieldValue other) {
        long first = one.number().orElse(Long.MAX_VALUE);
        long second = other.number().orElse(Long.MAX_VALUE);
        if (key.equals("delivery-limit") && (first < 0 || second < 0)) {
            return first > second ? one : other;
        }
        return first <= second ? one : other;
    }
}
