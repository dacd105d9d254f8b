package io.taffrail.broker.policy;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.Age;
import io.taffrail.broker.queue.QueueArguments;
import io.taffrail.broker.queue.QueueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The keys of policy definitions: their valid values, and the types of queue they apply to. */
final class PolicyKeys {

    /**
     * A rule for a value.
     *
     * @param called
     *            the name of the valid type in RabbitMQ's error text
     */
    private record Rule(Predicate<FieldValue> allowed, String called) {}

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("alternate-exchange", text("alternate exchange name")),
            Map.entry("dead-letter-exchange", text("dead letter exchange name")),
            Map.entry("dead-letter-routing-key", text("dead letter routing key")),
            Map.entry("dead-letter-strategy",
                    oneOf("dead letter strategy", "at-most-once", "at-least-once")),
            Map.entry("message-ttl", within(0, QueueArguments.MAX_SPAN_MS, "message TTL")),
            Map.entry("expires", within(1, QueueArguments.MAX_SPAN_MS, "queue expiry")),
            Map.entry("max-length", atLeast(0, "maximum length")),
            Map.entry("max-length-bytes", atLeast(0, "maximum length in bytes")),
            Map.entry("max-in-memory-length", atLeast(0, "maximum memory in bytes")),
            Map.entry("max-in-memory-bytes", atLeast(0, "maximum memory in bytes")),
            Map.entry("queue-mode", oneOf("queue-mode value", "default", "lazy")),
            Map.entry("queue-version", new Rule(it -> it.number()
                    .filter(number -> number == 1 || number == 2).isPresent(), "queue version")),
            Map.entry("overflow", oneOf("overflow value", "drop-head", "reject-publish",
                    "reject-publish-dlx")),
            Map.entry("delivery-limit", new Rule(it -> it.number().isPresent(),
                    "delivery limit")),
            Map.entry("consumer-timeout", atLeast(0, "consumer timeout")),
            Map.entry("max-age", new Rule(it -> it instanceof FieldValue.Text(String age)
                    && Age.milliseconds(age).isPresent(), "max age")),
            Map.entry("queue-leader-locator",
                    oneOf("queue leader locator value", "client-local", "balanced", "random",
                            "least-leaders")),
            Map.entry("initial-cluster-size", atLeast(0, "cluster size")),
            Map.entry("target-group-size", atLeast(0, "target count")),
            Map.entry("stream-max-segment-size-bytes", within(0, 3_000_000_000L, "segment size")),
            Map.entry("stream-filter-size-bytes", within(16, 255, "filter size")),
            Map.entry("x-message-deduplication",
                    new Rule(FieldValue.Bool.class::isInstance, "truth value")));

    private static final Set<String> OPERATOR = Set.of("expires", "message-ttl", "max-length",
            "max-length-bytes", "max-in-memory-length", "max-in-memory-bytes", "delivery-limit",
            "target-group-size");

    /** A policy with one of these keys does not apply to a queue of the type at all. */
    private static final Map<QueueType, Set<String>> FOREIGN = Map.of(
            QueueType.CLASSIC, Set.of("max-age", "stream-max-segment-size-bytes",
                    "initial-cluster-size", "delivery-limit", "dead-letter-strategy",
                    "max-in-memory-length", "max-in-memory-bytes", "target-group-size"),
            QueueType.QUORUM, Set.of("queue-mode", "max-age", "stream-max-segment-size-bytes",
                    "initial-cluster-size"),
            QueueType.STREAM, Set.of("expires", "message-ttl", "dead-letter-exchange",
                    "dead-letter-routing-key", "max-length", "max-in-memory-length",
                    "max-in-memory-bytes", "overflow", "queue-mode", "delivery-limit",
                    "dead-letter-strategy", "target-group-size"));

    /** The keys that mean nothing to a type of queue, and are refused as its arguments. */
    private static final Map<QueueType, Set<String>> MEANINGLESS = Map.of(
            QueueType.CLASSIC, Set.of("queue-leader-locator", "stream-filter-size-bytes"),
            QueueType.QUORUM, Set.of("queue-version", "stream-filter-size-bytes"),
            QueueType.STREAM, Set.of("queue-version"));

    private PolicyKeys() {}

    /** Whether a key says anything to a queue of this type. */
    static boolean means(String key, QueueType type) {
        return !MEANINGLESS.getOrDefault(type, Set.of()).contains(key);
    }

    private static Rule text(String called) {
        return new Rule(FieldValue.Text.class::isInstance, called);
    }

    private static Rule oneOf(String called, String... allowed) {
        return new Rule(it -> it instanceof FieldValue.Text(String text)
                && List.of(allowed).contains(text), called);
    }

    private static Rule atLeast(long least, String called) {
        return new Rule(it -> it.number().filter(number -> number >= least).isPresent(), called);
    }

    private static Rule within(long least, long most, String called) {
        return new Rule(it -> it.number().filter(number -> number >= least && number <= most)
                .isPresent(), called);
    }

    static boolean isKnown(PolicyKind kind, String key) {
        return kind == PolicyKind.OPERATOR ? OPERATOR.contains(key) : RULES.containsKey(key);
    }

    /** The reason why the value of a known key is invalid. */
    static Optional<String> wrong(String key, FieldValue value) {
        Rule rule = RULES.get(key);
        return rule == null || rule.allowed.test(value)
                ? Optional.empty()
                : Optional.of("is not a valid " + rule.called);
    }

    static boolean suits(FieldTable definition, QueueType type) {
        Set<String> foreign = FOREIGN.getOrDefault(type, Set.of());
        return definition.entries().keySet().stream().noneMatch(foreign::contains);
    }
}
