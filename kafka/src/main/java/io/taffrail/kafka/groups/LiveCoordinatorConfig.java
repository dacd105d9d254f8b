package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.TopicDefaults;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.jspecify.annotations.Nullable;

/**
 * Coordinator settings of which the reconfigurable ones follow the broker's dynamic settings. If a
 * restart with other limits has put a dynamic value out of bounds, the bound is used, as in Kafka.
 * Safe for any thread.
 */
final class LiveCoordinatorConfig extends AbstractConfig {

    private final Map<String, Object> configured;
    private final Supplier<TopicDefaults> live;
    private volatile @Nullable Parsed last;

    /** The parsed values, valid while the defaults {@code of} are in force. */
    private record Parsed(TopicDefaults of, Map<String, Object> values) {}

    LiveCoordinatorConfig(Map<String, Object> configured, Supplier<TopicDefaults> live) {
        super(GroupCoordinatorConfig.CONFIG_DEF, configured, false);
        this.configured = configured;
        this.live = live;
    }

    @Override
    protected Object get(String key) {
        return GroupCoordinatorConfig.RECONFIGURABLE_CONFIGS.contains(key)
                ? current().getOrDefault(key, super.get(key))
                : super.get(key);
    }

    private Map<String, Object> current() {
        TopicDefaults now = live.get();
        Parsed parsed = last;
        if (parsed == null || !parsed.of().equals(now)) {
            parsed = new Parsed(now, parse(now));
            last = parsed;
        }
        return parsed.values();
    }

    private Map<String, Object> parse(TopicDefaults now) {
        Map<String, String> text = new HashMap<>();
        configured.forEach((key, value) -> text.put(key, String.valueOf(value)));
        for (String key : GroupCoordinatorConfig.RECONFIGURABLE_CONFIGS) {
            now.set(key).ifPresent(value -> text.put(key, value));
        }
        GroupCoordinatorConfig.clampDynamicConfigs(text);
        return GroupCoordinatorConfig.CONFIG_DEF.parse(text);
    }
}
