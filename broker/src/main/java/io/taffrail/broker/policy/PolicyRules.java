package io.taffrail.broker.policy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The parser of policies, which refuses invalid ones with RabbitMQ's error texts. */
public final class PolicyRules {

    private PolicyRules() {}

    /**
     * Creates a policy.
     *
     * @param applyTo
     *            the name in RabbitMQ; empty for {@code all}
     * @throws BrokerException
     *             if a part is invalid
     */
    public static Policy policy(PolicyKind kind, String name, String pattern, String applyTo,
            long priority, FieldTable definition) {
        NamePattern compiled = compiled(pattern);
        ApplyTo objects = applyTo.isEmpty()
                ? ApplyTo.ALL
                : ApplyTo.of(applyTo).orElseThrow(() -> invalid("apply-to '" + applyTo
                        + "' unrecognised; should be one of: 'queues', 'classic_queues',"
                        + "  'quorum_queues', 'streams', 'exchanges', or 'all'"));
        check(kind, definition);
        return new Policy(name, compiled, objects, priority, definition);
    }

    private static NamePattern compiled(String pattern) {
        try {
            return NamePattern.of(pattern);
        } catch (InvalidPatternException e) {
            throw invalid("pattern should be regular expression but is invalid: {\""
                    + e.getMessage() + "\"," + e.index() + "}");
        }
    }

    private static void check(PolicyKind kind, FieldTable definition) {
        Map<String, FieldValue> entries = definition.entries();
        if (entries.isEmpty()) {
            throw invalid("no policy provided");
        }
        entries.forEach((key, value) -> {
            Optional<String> wrong = PolicyKeys.isKnown(kind, key)
                    ? PolicyKeys.wrong(key, value)
                    : Optional.empty();
            if (wrong.isPresent()) {
                throw invalid(shown(value) + " " + wrong.get());
            }
        });
        List<String> unknown = entries.entrySet().stream()
                .filter(entry -> !PolicyKeys.isKnown(kind, entry.getKey()))
                .map(entry -> "{<<\"" + entry.getKey() + "\">>," + shown(entry.getValue()) + "}")
                .toList();
        if (!unknown.isEmpty()) {
            throw invalid("[" + String.join(",", unknown)
                    + "] are not recognised policy settings");
        }
    }

    /** The value in Erlang's notation. */
    private static String shown(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) -> "<<\"" + text + "\">>";
            case FieldValue.Bool(boolean it) -> Boolean.toString(it);
            case FieldValue.Float64(double it) -> Double.toString(it);
            case FieldValue.ListOf(List<FieldValue> values) ->
                values.stream().map(PolicyRules::shown)
                        .collect(Collectors.joining(",", "[", "]"));
            case FieldValue.TableOf(FieldTable table) -> table.entries().entrySet().stream()
                    .map(it -> "<<\"" + it.getKey() + "\">> => " + shown(it.getValue()))
                    .collect(Collectors.joining(",", "#{", "}"));
            default -> value.number().map(String::valueOf).orElse("null");
        };
    }

    private static BrokerException invalid(String text) {
        return new BrokerException(BrokerError.INVALID_DEFINITION, "Validation failed\n\n" + text);
    }
}
