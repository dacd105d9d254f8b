package io.taffrail.broker.topic;

import static io.taffrail.broker.topic.SettingRule.bool;
import static io.taffrail.broker.topic.SettingRule.wholeInt;

import io.taffrail.broker.BrokerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The defaults of topics, by the broker's names such as {@code log.retention.ms}. A value set at
 * run time for this node precedes one set for every node, which precedes the broker's
 * configuration. The few other settings that can be changed at run time are here too; their users
 * read them with {@link #set}. Immutable.
 */
public record TopicDefaults(BrokerConfig config, Map<String, String> everyNode,
        Map<String, String> thisNode) {

    /** The nodes that a value is set for; the narrower scope takes precedence. */
    public enum Scope {
        EVERY_NODE, THIS_NODE
    }

    /**
     * Throttles of replication, which are accepted because tools set and remove them; they have no
     * effect on a single node.
     */
    private static final Set<String> THROTTLES = Set.of("leader.replication.throttled.rate",
            "follower.replication.throttled.rate",
            "replica.alter.log.dirs.io.max.bytes.per.second");

    private static final String PRODUCER_EXPIRY = "producer.id.expiration.ms";

    /** Other settings that can be changed at run time. */
    private static final Map<String, SettingRule> OTHERS = Map.of(
            PRODUCER_EXPIRY, wholeInt(1),
            "group.consumer.assignment.interval.ms", wholeInt(0),
            "group.consumer.assignor.offload.enable", bool(),
            "group.coordinator.cached.buffer.max.bytes", wholeInt(512 * 1024));

    public TopicDefaults {
        everyNode = Map.copyOf(everyNode);
        thisNode = Map.copyOf(thisNode);
    }

    /** The defaults of a broker without values set at run time. */
    public static TopicDefaults of(BrokerConfig config) {
        return new TopicDefaults(config, Map.of(), Map.of());
    }

    /** The values set at run time for a scope, by the broker's names. */
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

    /** The value of a setting for topics that do not set it. */
    public String inherited(TopicSetting setting) {
        if (!setting.brokerKeys().isEmpty()) {
            Optional<String> set = set(setting.brokerKeys().getFirst());
            if (set.isPresent()) {
                return set.get();
            }
        }
        return setting.inherited().apply(config);
    }

    /** The value set at run time under this name; that for this node takes precedence. */
    public Optional<String> set(String key) {
        @Nullable
        String set = thisNode.getOrDefault(key, everyNode.get(key));
        return Optional.ofNullable(set).map(String::strip);
    }

    /** Time after an idempotent producer's last record when the producer is forgotten. */
    Duration producerExpiry() {
        return Duration.ofMillis(set(PRODUCER_EXPIRY).map(Integer::parseInt)
                .orElse(config.producerIdExpirationMs()));
    }

    /** The topic setting whose default can be changed at run time under this name. */
    public static Optional<TopicSetting> changeable(String key) {
        return TopicSettings.all().stream().filter(setting -> !setting.brokerKeys().isEmpty()
                && setting.brokerKeys().getFirst().equals(key)
                && !setting.name().equals("durability")).findFirst();
    }

    private static Optional<SettingRule> other(String key) {
        return Optional.ofNullable(OTHERS.getOrDefault(key, CleanerDefaults.RULES.get(key)));
    }

    /** Whether this setting can be changed at run time and is not a throttle. */
    public static boolean isChangeable(String key) {
        return other(key).isPresent() || changeable(key).isPresent();
    }

    /** Whether this is a throttle of replication, which is accepted and has no effect. */
    public static boolean isThrottle(String key) {
        return THROTTLES.contains(key);
    }

    /**
     * Checks values to be set at run time.
     *
     * @throws InvalidSettingException
     *             if a name or value is invalid
     */
    static void check(Map<String, String> values) {
        values.forEach((key, value) -> {
            if (isThrottle(key)) {
                SettingRule.wholeLong(0).check(key, value);
            } else if (other(key).isPresent()) {
                other(key).get().check(key, value);
            } else {
                changeable(key).orElseThrow(() -> new InvalidSettingException(
                        "Cannot update these configs dynamically: [" + key + "]")).rule()
                        .check(key, value);
            }
        });
    }
}
