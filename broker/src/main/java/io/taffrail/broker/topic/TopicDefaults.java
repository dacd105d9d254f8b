package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What topics have where they set nothing: what was set for this node while it ran, else what was
 * set for every node, else the broker's configuration. By the broker's names, like
 * {@code log.retention.ms}.
 */
public record TopicDefaults(BrokerConfig config, Map<String, String> everyNode,
        Map<String, String> thisNode) {

    /** Whom a value is set for; the narrower one wins. */
    public enum Scope {
        EVERY_NODE, THIS_NODE
    }

    /** Taken as one node copies nothing that could be slowed down; tools set and remove them. */
    private static final Set<String> THROTTLES = Set.of("leader.replication.throttled.rate",
            "follower.replication.throttled.rate",
            "replica.alter.log.dirs.io.max.bytes.per.second");

    public TopicDefaults {
        everyNode = Map.copyOf(everyNode);
        thisNode = Map.copyOf(thisNode);
    }

    /** Those of a broker where nothing was set while it ran. */
    public static TopicDefaults of(BrokerConfig config) {
        return new TopicDefaults(config, Map.of(), Map.of());
    }

    public Map<String, String> of(Scope scope) {
        return switch (scope) {
            case EVERY_NODE -> everyNode;
            case THIS_NODE -> thisNode;
        };
    }

    TopicDefaults with(Scope scope, Map<String, String> values) {
        return switch (scope) {
            case EVERY_NODE -> new TopicDefaults(config, values, thisNode);
            case THIS_NODE -> new TopicDefaults(config, everyNode, values);
        };
    }

    /** A setting's value where a topic sets none. */
    public String inherited(TopicSetting setting) {
        if (!setting.brokerKeys().isEmpty()) {
            String key = setting.brokerKeys().getFirst();
            @Nullable
            String set = thisNode.getOrDefault(key, everyNode.get(key));
            if (set != null) {
                return set.strip();
            }
        }
        return setting.inherited().apply(config);
    }

    /** The setting of topics whose default can be changed by this name while the broker runs. */
    public static Optional<TopicSetting> changeable(String key) {
        return TopicSettings.all().stream().filter(setting -> !setting.brokerKeys().isEmpty()
                && setting.brokerKeys().getFirst().equals(key)
                && !setting.name().equals("durability")).findFirst();
    }

    /** Whether this is a limit on copying between nodes, which is taken and limits nothing. */
    public static boolean isThrottle(String key) {
        return THROTTLES.contains(key);
    }

    /** Throws {@link InvalidSettingException} unless each may be set while the broker runs. */
    static void check(Map<String, String> values) {
        values.forEach((key, value) -> {
            if (isThrottle(key)) {
                SettingRule.wholeLong(0).check(key, value);
            } else {
                changeable(key).orElseThrow(() -> new InvalidSettingException(
                        "Cannot update these configs dynamically: [" + key + "]")).rule()
                        .check(key, value);
            }
        });
    }
}
