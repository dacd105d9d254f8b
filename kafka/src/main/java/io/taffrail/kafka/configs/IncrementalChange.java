package io.taffrail.kafka.configs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;

/**
 * A sequence of set, delete, append and subtract operations on a resource's own values (KIP-339).
 */
record IncrementalChange(List<Step> steps, ConfigSubject subject)
        implements
            UnaryOperator<Map<String, String>> {

    /**
     * One operation.
     *
     * @param inherited
     *            for a list setting, its value if the resource sets none
     */
    private record Step(OpType operation, String name, String value, String inherited) {}

    /** Validates the operations and creates the change; fails with the error for the client. */
    static IncrementalChange of(Iterable<AlterableConfig> configs, ConfigSubject subject) {
        List<Step> steps = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (AlterableConfig config : configs) {
            if (!names.add(config.name())) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
            OpType operation = OpType.forId(config.configOperation());
            if (operation == null) {
                throw new InvalidRequestException(
                        "Unknown operation type " + config.configOperation());
            }
            if (operation != OpType.DELETE && config.value() == null) {
                throw new InvalidRequestException(
                        "Null value not supported for : " + config.name());
            }
            boolean list = operation == OpType.APPEND || operation == OpType.SUBTRACT;
            steps.add(new Step(operation, config.name(),
                    config.value() == null ? "" : config.value(),
                    list ? subject.inheritedList(config.name()) : ""));
        }
        return new IncrementalChange(steps, subject);
    }

    @Override
    public Map<String, String> apply(Map<String, String> before) {
        Map<String, String> left = before;
        for (Step step : steps) {
            left = subject.before(left, step.name());
        }
        Map<String, String> after = new HashMap<>(left);
        for (Step step : steps) {
            switch (step.operation()) {
                case SET -> after.put(step.name(), step.value());
                case DELETE -> after.remove(step.name());
                case APPEND -> {
                    Set<String> items = items(after.getOrDefault(step.name(), step.inherited()));
                    items.addAll(items(step.value()));
                    after.put(step.name(), String.join(",", items));
                }
                case SUBTRACT -> {
                    Set<String> items = items(after.getOrDefault(step.name(), step.inherited()));
                    items.removeAll(items(step.value()));
                    after.put(step.name(), String.join(",", items));
                }
            }
        }
        return after;
    }

    private static Set<String> items(String list) {
        Set<String> items = new LinkedHashSet<>();
        Arrays.stream(list.split(",", -1)).map(String::strip).filter(item -> !item.isEmpty())
                .forEach(items::add);
        return items;
    }
}
